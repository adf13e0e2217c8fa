//! What is done about notifications, for a user or, without one, for those who run the site.

use std::collections::HashMap;

use axum::Json;
use http::StatusCode;
use realms_identity::Language;
use realms_notify::{Notifier, TargetSettings, written_in};
use realms_store::{
    AuditChange, DeliveryFilter, DeliveryId, DeliveryRecord, NotificationRuleRecord,
    NotificationTargetRecord, TargetKind, Tx,
};
use realms_types::{NotificationTargetId, OccurrenceKind, UserId};

use super::{
    Console,
    caller::Caller,
    listing::Listing,
    notification_view::{
        HistoryQuery, NewNotificationTarget, NotificationPage, NotificationRuleChange,
        NotificationRuleView, NotificationTargetChange, NotificationTargetView, NotificationTest,
        NotificationView,
    },
    noting::{change, changed},
};
use crate::{ConsoleError, Refusal, refusal::check_name};

/// Targets of a user, and of the site.
const MOST_OF_A_USER: u64 = 5;
const MOST_OF_THE_SITE: u64 = 20;
/// Entries of the history in a page, unless it is said.
const A_PAGE: u64 = 50;

// === impl Console ===

impl Console {
    /// What carries notifications; a refusal in self mode, where there are none.
    pub(super) fn notifier(&self) -> Result<&Notifier, ConsoleError> {
        let none = || ConsoleError::NotFound("notification in self mode".to_owned());
        self.0.notifier.as_ref().ok_or_else(none)
    }

    /// The targets of an owner, by name.
    pub(super) async fn targets(
        &self,
        owner: Option<UserId>,
    ) -> Result<Json<Listing<NotificationTargetView>>, ConsoleError> {
        self.notifier()?;
        let read = self.0.editor.store.read();
        let mut last = read.last_deliveries(owner).await?;
        let records = read.list_notification_targets(owner).await?.into_iter();
        let view = |record: NotificationTargetRecord| {
            let newest = last.remove(&record.id);
            NotificationTargetView::new(record, newest)
        };
        Ok(Json(Listing { items: records.map(view).collect() }))
    }

    /// A target of an owner by its id.
    pub(super) async fn target(
        &self,
        owner: Option<UserId>,
        id: &str,
    ) -> Result<NotificationTargetRecord, ConsoleError> {
        self.notifier()?;
        let none = || ConsoleError::NotFound(format!("notification target `{id}`"));
        let id: NotificationTargetId = id.parse().map_err(|_| none())?;
        let read = self.0.editor.store.read();
        read.find_notification_target(owner, id).await?.ok_or_else(none)
    }

    /// Adds a target.
    pub(super) async fn add_target(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        new: NewNotificationTarget,
    ) -> Result<(StatusCode, Json<NotificationTargetView>), ConsoleError> {
        let notifier = self.notifier()?;
        // What is told goes there long after the session is over.
        self.must_be_fresh(caller).await?;
        check_name("/name", &new.name)?;
        let settings = checked(notifier, owner, new.settings)?;
        let editor = &self.0.editor;
        let most = owner.map_or(MOST_OF_THE_SITE, |_| MOST_OF_A_USER);
        if editor.store.read().count_notification_targets(owner).await? >= most {
            let detail = format!("there are {most} targets, as many as may be: remove one first");
            return Err(ConsoleError::TooMany(detail));
        }
        let (id, now) = (editor.ids.next(), self.now());
        let record = NotificationTargetRecord {
            id,
            owner,
            name: new.name,
            kind: settings.kind(),
            language: new.language,
            hint: settings.hint(),
            sealed_settings: settings.seal(id, &editor.keyring)?,
            enabled: new.enabled,
            created_at: now,
            updated_at: now,
        };
        let changes = said(&record).into_iter().map(|(path, is)| change(path, is)).collect();
        let mut tx = editor.store.begin().await?;
        tx.insert_notification_target(&record).await?;
        self.note_for_site(
            &mut tx,
            (caller, owner),
            ("notification_target.create", "notification_target", &record.name),
            changes,
        )
        .await?;
        tx.commit().await?;
        Ok((StatusCode::CREATED, Json(NotificationTargetView::new(record, None))))
    }

    /// Changes a target.
    pub(super) async fn change_target(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        id: &str,
        new: NotificationTargetChange,
    ) -> Result<StatusCode, ConsoleError> {
        let before = self.target(owner, id).await?;
        check_name("/name", &new.name)?;
        let mut after = NotificationTargetRecord {
            name: new.name,
            language: new.language,
            enabled: new.enabled,
            updated_at: self.now(),
            ..before.clone()
        };
        let pairs = |after: &NotificationTargetRecord| said(&before).into_iter().zip(said(after));
        let mut replaced = None;
        if let Some(settings) = new.settings {
            self.must_be_fresh(caller).await?;
            let settings = checked(self.notifier()?, owner, settings)?;
            after.kind = settings.kind();
            after.hint = settings.hint();
            after.sealed_settings = settings.seal(after.id, &self.0.editor.keyring)?;
            // Of secrets only that they are others.
            replaced = Some(change("settings", "replaced".to_owned()));
        }
        let changes = pairs(&after).filter_map(|((path, was), (_, is))| changed(path, was, is));
        let changes = changes.chain(replaced).collect();
        let mut tx = self.0.editor.store.begin().await?;
        tx.update_notification_target(&after).await?;
        self.note_for_site(
            &mut tx,
            (caller, owner),
            ("notification_target.update", "notification_target", &after.name),
            changes,
        )
        .await?;
        tx.commit().await?;
        Ok(StatusCode::NO_CONTENT)
    }

    /// Removes a target. What waits for it is not sent.
    pub(super) async fn remove_target(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        id: &str,
    ) -> Result<StatusCode, ConsoleError> {
        let target = self.target(owner, id).await?;
        let mut tx = self.0.editor.store.begin().await?;
        tx.delete_notification_target(owner, target.id).await?;
        self.note_for_site(
            &mut tx,
            (caller, owner),
            ("notification_target.delete", "notification_target", &target.name),
            Vec::new(),
        )
        .await?;
        tx.commit().await?;
        Ok(StatusCode::NO_CONTENT)
    }

    /// Sends a test to a target of an owner.
    pub(super) async fn test_target(
        &self,
        owner: Option<UserId>,
        id: &str,
    ) -> Result<Json<NotificationTest>, ConsoleError> {
        let target = self.target(owner, id).await?;
        // Never taken back: whoever tests again and again would have this site call others for them.
        self.0.target_tests.begin(owner).map(drop)?;
        Ok(Json(match self.notifier()?.test(&target).await {
            Ok(()) => NotificationTest { ok: true, detail: "it was taken".to_owned() },
            Err(error) => NotificationTest { ok: false, detail: error.to_string() },
        }))
    }

    /// What an owner can be told, and how that is set.
    pub(super) async fn rules(
        &self,
        owner: Option<UserId>,
    ) -> Result<Json<Listing<NotificationRuleView>>, ConsoleError> {
        self.notifier()?;
        let read = self.0.editor.store.read();
        let set = read.list_notification_rules(owner).await?;
        let targets = read.list_notification_targets(owner).await?;
        let targets: Vec<NotificationTargetId> = targets.iter().map(|one| one.id).collect();
        let view = |kind: &OccurrenceKind| {
            let rule = set.iter().find(|rule| rule.kind == *kind).cloned();
            let rule = rule.unwrap_or_else(|| NotificationRuleRecord::unset(owner, *kind));
            NotificationRuleView::new(&rule, &targets)
        };
        Ok(Json(Listing { items: kinds_of(owner).iter().map(view).collect() }))
    }

    /// Sets a rule of an owner.
    pub(super) async fn set_rule(
        &self,
        caller: &Caller,
        owner: Option<UserId>,
        event: &str,
        new: NotificationRuleChange,
    ) -> Result<StatusCode, ConsoleError> {
        self.notifier()?;
        let kind = kinds_of(owner).iter().copied().find(|kind| kind.as_str() == event);
        let none = || ConsoleError::NotFound(format!("notification rule `{event}`"));
        let kind = kind.ok_or_else(none)?;
        let fits = |value| {
            kind.threshold().is_some_and(|bounds| (bounds.min..=bounds.max).contains(&value))
        };
        if let Some(value) = new.threshold.filter(|value| !fits(*value)) {
            let detail = kind.threshold().map_or_else(
                || "this has no threshold".to_owned(),
                |bounds| format!("{} to {}, not {value}", bounds.min, bounds.max),
            );
            return Err(Refusal::field("/threshold", "invalid", detail).into());
        }
        let known = self.0.editor.store.read().list_notification_targets(owner).await?;
        for (at, id) in new.targets.iter().enumerate() {
            if known.iter().all(|target| target.id != *id) {
                let detail = format!("there is no target `{id}`");
                return Err(Refusal::field(format!("/targets/{at}"), "unknown", detail).into());
            }
        }
        let rule = NotificationRuleRecord {
            owner,
            kind,
            enabled: new.enabled,
            email: new.email && owner.is_some(),
            targets: Some(new.targets),
            threshold: new.threshold,
            updated_at: self.now(),
        };
        let mut tx = self.0.editor.store.begin().await?;
        tx.put_notification_rule(&rule).await?;
        let about = ("notification_rule.update", "notification_rule", kind.as_str());
        self.note_for_site(&mut tx, (caller, owner), about, said_of_rule(&rule)).await?;
        tx.commit().await?;
        Ok(StatusCode::NO_CONTENT)
    }

    /// A page of what an owner was told.
    pub(super) async fn told(
        &self,
        owner: Option<UserId>,
        query: HistoryQuery,
    ) -> Result<Json<NotificationPage>, ConsoleError> {
        let notifier = self.notifier()?;
        let limit = query.limit.unwrap_or(A_PAGE).clamp(1, 200);
        let no_cursor = |_| ConsoleError::Invalid(vec!["cursor: not one of a page".to_owned()]);
        let after: Option<DeliveryId> =
            query.cursor.as_deref().map(str::parse).transpose().map_err(no_cursor)?;
        let read = self.0.editor.store.read();
        let filter = DeliveryFilter { owner, after, limit: limit + 1 };
        let mut records = read.list_deliveries(filter).await?;
        let has_more = records.len() as u64 > limit;
        records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = records.last().filter(|_| has_more).map(|last| last.id.to_string());
        let targets = read.list_notification_targets(owner).await?;
        let targets: HashMap<NotificationTargetId, NotificationTargetRecord> =
            targets.into_iter().map(|target| (target.id, target)).collect();
        let chosen = match owner {
            Some(user) => notifier.language_of(user).await?,
            None => None,
        };
        let view = |record: DeliveryRecord| {
            let target = record.id.target.and_then(|id| targets.get(&id));
            let of_target = target.map(|target| Language::of(target.language.as_str()));
            let language = of_target.or(chosen);
            let language = language.unwrap_or_else(|| written_in(&record.occurrence));
            let wording = notifier.wording(&record.occurrence, owner, language);
            NotificationView::new(record, target, (wording.title, wording.text))
        };
        Ok(Json(NotificationPage { items: records.into_iter().map(view).collect(), next }))
    }

    /// What is done for the site is in the audit log; what users do about their own is their business.
    async fn note_for_site(
        &self,
        tx: &mut Tx,
        (caller, owner): (&Caller, Option<UserId>),
        (act, kind, name): (&'static str, &'static str, &str),
        changes: Vec<AuditChange>,
    ) -> Result<(), ConsoleError> {
        if owner.is_none() {
            tx.insert_audit(&self.act(caller, act, (kind, name), changes)).await?;
        }
        Ok(())
    }

    /// Has a delivery that was given up tried again.
    pub(super) async fn retry(
        &self,
        owner: Option<UserId>,
        id: &str,
    ) -> Result<StatusCode, ConsoleError> {
        self.notifier()?;
        let none = || ConsoleError::NotFound(format!("notification `{id}` that was given up"));
        let id: DeliveryId = id.parse().map_err(|_| none())?;
        let tx = self.0.editor.store.begin().await?;
        if !tx.retry_delivery(owner, id, self.now()).await? {
            return Err(none());
        }
        tx.commit().await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

/// What an owner can be told.
const fn kinds_of(owner: Option<UserId>) -> &'static [OccurrenceKind] {
    if owner.is_some() { OccurrenceKind::OF_USERS } else { OccurrenceKind::OF_THE_SITE }
}

/// Settings that an owner may have.
fn checked(
    notifier: &Notifier,
    owner: Option<UserId>,
    settings: TargetSettings,
) -> Result<TargetSettings, ConsoleError> {
    if owner.is_some() && settings.kind() == TargetKind::Email {
        // Letters to whomever they like would make the site a source of spam.
        let detail = "your own address needs no target: it is a switch of each rule".to_owned();
        return Err(Refusal::field("/settings/kind", "invalid", detail).into());
    }
    let settings = settings.checked().and_then(|settings| notifier.admit(owner, settings));
    settings.map_err(|mistake| {
        let pointer = format!("/settings/{}", mistake.field);
        Refusal::field(pointer, "invalid", mistake.message).into()
    })
}

/// What the audit log tells of a target, by field.
fn said(record: &NotificationTargetRecord) -> [(&'static str, String); 5] {
    [
        ("name", record.name.clone()),
        ("kind", record.kind.as_str().to_owned()),
        ("hint", record.hint.clone()),
        ("language", record.language.as_str().to_owned()),
        ("enabled", record.enabled.to_string()),
    ]
}

/// What the audit log tells of a rule.
fn said_of_rule(rule: &NotificationRuleRecord) -> Vec<AuditChange> {
    let targets = rule.targets.iter().flatten().map(ToString::to_string);
    let mut changes = vec![
        change("enabled", rule.enabled.to_string()),
        change("targets", targets.collect::<Vec<_>>().join(" ")),
    ];
    changes.extend(rule.threshold.map(|value| change("threshold", value.to_string())));
    changes
}
