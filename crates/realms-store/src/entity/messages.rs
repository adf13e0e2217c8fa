//! What people are told and ask: tickets, announcements, notifications.

entities! {
    /// What users ask those who run the site.
    ticket = "tickets" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        subject: String,
        category: String,
        state: String,
        request_id: Option<String>,
        assignee_id: Option<i64>,
        unread: bool,
        created_at: i64,
        moved_at: i64,
        closed_at: Option<i64>,
    }

    /// What was said in tickets.
    ticket_message = "ticket_messages" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        ticket_id: i64,
        author_id: Option<i64>,
        author: String,
        by_staff: bool,
        internal: bool,
        body: String,
        created_at: i64,
    }

    /// The files of tickets, which lie in a folder.
    ticket_file = "ticket_files" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        owner_id: i64,
        message_id: Option<i64>,
        ticket_id: Option<i64>,
        name: String,
        media_type: String,
        size: i64,
        created_at: i64,
        expires_at: i64,
    }

    /// Answers that are given often.
    canned_reply = "canned_replies" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        body: String,
        updated_at: i64,
    }

    /// What those who run the site tell its users.
    announcement = "announcements" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        severity: String,
        pinned: bool,
        must_acknowledge: bool,
        user_groups: Option<String>,
        title_en: Option<String>,
        body_en: Option<String>,
        title_zh: Option<String>,
        body_zh: Option<String>,
        publish_at: Option<i64>,
        expires_at: Option<i64>,
        created_by: String,
        created_at: i64,
        updated_at: i64,
    }

    /// Who has read which announcement.
    announcement_read = "announcement_reads" {
        #[sea_orm(primary_key, auto_increment = false)]
        announcement_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        read_at: i64,
    }

    /// Where notifications go.
    notification_target = "notification_targets" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        owner_id: i64,
        name: String,
        kind: String,
        language: String,
        hint: String,
        sealed_settings: String,
        enabled: bool,
        created_at: i64,
        updated_at: i64,
    }

    /// What an owner wants to be told.
    notification_rule = "notification_rules" {
        #[sea_orm(primary_key, auto_increment = false)]
        owner_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        event: String,
        enabled: bool,
        email: bool,
        targets: Option<String>,
        threshold: Option<i64>,
        updated_at: i64,
    }

    /// What happened and is told.
    notification = "notifications" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        owner_id: i64,
        idem_key: String,
        facts: String,
        created_at: i64,
    }

    /// What becomes of it at one place.
    notification_delivery = "notification_deliveries" {
        #[sea_orm(primary_key, auto_increment = false)]
        notification_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        target_id: i64,
        owner_id: i64,
        state: String,
        attempts: i64,
        next_at: i64,
        error: Option<String>,
        done_at: Option<i64>,
    }

    /// What came to a point and was told.
    notification_mark = "notification_marks" {
        #[sea_orm(primary_key, auto_increment = false)]
        event: String,
        #[sea_orm(primary_key, auto_increment = false)]
        owner_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        subject: String,
        raised_at: i64,
    }
}
