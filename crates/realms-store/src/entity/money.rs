//! What is owed and paid: the ledger, and what is sold.

entities! {
    /// Movements of money.
    ledger_entry = "ledger_entries" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        idem_key: String,
        kind: String,
        request_id: Option<String>,
        reference: Option<String>,
        actor: Option<String>,
        reason: Option<String>,
        day: i64,
        created_at: i64,
    }

    /// What they move, account by account.
    ledger_posting = "ledger_postings" {
        #[sea_orm(primary_key, auto_increment = false)]
        entry_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        place: i64,
        account_id: i64,
        amount: i64,
    }

    /// What is set aside for calls.
    hold = "holds" {
        #[sea_orm(primary_key, auto_increment = false)]
        request_id: String,
        account_id: i64,
        node_id: i64,
        state: String,
        amount: i64,
        from_balance: i64,
        tokens: i64,
        lease_until: i64,
        metered: i64,
        metered_tokens: i64,
        settled: i64,
        settled_balance: i64,
        settled_tokens: i64,
        refunded: i64,
        draws: Option<String>,
        price: Option<String>,
        created_at: i64,
        closed_at: Option<i64>,
        call_note: Option<String>,
    }

    /// What is used in a window of time.
    allowance = "allowances" {
        #[sea_orm(primary_key, auto_increment = false)]
        name: String,
        account_id: i64,
        used: i64,
        rolled_to: i64,
    }

    /// One hash for each day of the ledger.
    ledger_anchor = "ledger_anchors" {
        #[sea_orm(primary_key, auto_increment = false)]
        day: i64,
        entries: i64,
        hash: String,
        created_at: i64,
    }

    /// Accounts at payment gateways.
    payment_channel = "payment_channels" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        name: String,
        kind: String,
        enabled: bool,
        test_mode: bool,
        gateway: Option<String>,
        sealed_secrets: String,
        last_notice_at: Option<i64>,
        last_notice: Option<String>,
        created_at: i64,
        updated_at: i64,
    }

    /// What subscriptions are of.
    plan = "plans" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        code: String,
        name: String,
        enabled: bool,
        user_groups: Option<String>,
        prices: Option<String>,
        terms: Option<String>,
        created_at: i64,
        updated_at: i64,
    }

    /// What people buy.
    order = "orders" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        kind: String,
        channel_id: i64,
        currency: String,
        amount: i64,
        test_mode: bool,
        value_paid: i64,
        value_bonus: i64,
        plan_id: Option<i64>,
        terms: Option<String>,
        deferred: bool,
        state: String,
        payment: Option<String>,
        attention: Option<String>,
        returned: i64,
        refunded: i64,
        decided_by: Option<String>,
        version: i64,
        created_at: i64,
        updated_at: i64,
    }

    /// What gateways told.
    payment_notice = "payment_notices" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        channel_id: i64,
        notice_id: String,
        topic: String,
        order_id: Option<i64>,
        payment: Option<String>,
        currency: Option<String>,
        amount: Option<i64>,
        outcome: String,
        received_at: i64,
    }

    /// Time of plans that people have.
    subscription = "subscriptions" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        user_id: i64,
        plan_id: i64,
        order_id: Option<i64>,
        terms: Option<String>,
        starts_at: i64,
        ends_at: i64,
        ended_at: Option<i64>,
        resets: i64,
        created_at: i64,
    }

    /// Codes that are worth money or time.
    redemption_code = "redemption_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        id: i64,
        batch: String,
        code_hash: String,
        sealed_code: String,
        hint: String,
        amount: i64,
        plan_id: Option<i64>,
        terms: Option<String>,
        most_uses: i64,
        used: i64,
        expires_at: Option<i64>,
        enabled: bool,
        created_by: String,
        created_at: i64,
    }

    /// Who used which code.
    redemption_use = "redemption_uses" {
        #[sea_orm(primary_key, auto_increment = false)]
        code_id: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        used_at: i64,
    }

    /// What users invite with.
    invitation_code = "invitation_codes" {
        #[sea_orm(primary_key, auto_increment = false)]
        user_id: i64,
        code: String,
        created_at: i64,
    }

    /// Who came by a code, and what is given for that.
    invitation = "invitations" {
        #[sea_orm(primary_key, auto_increment = false)]
        invitee_id: i64,
        inviter_id: Option<i64>,
        invited_at: i64,
        inviter_nano: i64,
        invitee_nano: i64,
        reward_after: String,
        earned: Option<i64>,
        rewarded_at: Option<i64>,
    }
}
