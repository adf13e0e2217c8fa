//! Notices that were changed on their way, or made by somebody else: thousands for each gateway. None
//! is taken for another payment than the true one, and none that is wrong credits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use realms_commerce::{
    Bill, Epay, EpayMethod, Event, GatewayError, News, Notice, NoticeError, Stripe, Transfer,
    Verdict, Webhook, decide,
};
use realms_types::{
    Amount, Currency, Money, Order, OrderId, OrderKind, OrderState, PaymentChannelId, Secret,
    Timestamp, UserId, Value,
};

const NOW: Timestamp = Timestamp::from_secs(1_795_000_000);
const CHANNEL: PaymentChannelId = PaymentChannelId::new(3);
const KEY: &str = "a key of a merchant";

fn order() -> Order {
    Order {
        id: OrderId::new(7),
        user: UserId::new(1),
        kind: OrderKind::TopUp,
        channel: CHANNEL,
        amount: Amount::new(1_000, Currency::CNY).unwrap(),
        test: false,
        value: Value { paid: Money::from_nano(1_400), bonus: Money::ZERO },
        state: OrderState::Pending,
        payment: None,
        attention: None,
        returned: 0,
        refunded: 0,
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::from(text)
}

fn stripe() -> Stripe {
    Stripe::new(secret("sk_live_1"), secret("whsec_1")).unwrap()
}

fn webhook() -> Webhook {
    Webhook::new(secret("sixteen letters and more")).unwrap()
}

fn epay() -> Epay {
    Epay::new("https://pay.example.org/", "1001", secret(KEY)).unwrap()
}

fn session() -> String {
    let order = order().id;
    format!(
        r#"{{"id":"evt_1","object":"event","type":"checkout.session.completed","livemode":true,"data":{{"object":{{"id":"cs_1","livemode":true,"mode":"payment","status":"complete","payment_status":"paid","client_reference_id":"{order}","payment_intent":"pi_1","amount_total":1000,"currency":"cny"}}}}}}"#
    )
}

fn message() -> String {
    let order = order().id;
    format!(
        r#"{{"id":"evt-1","order":"{order}","payment":"tx-1","status":"paid","amount":"10.00","currency":"CNY","test":false}}"#
    )
}

/// The fields of a notice, signed with a key.
fn fields(key: &str, changed: &[(&str, &str)]) -> String {
    let order = order().id.to_string();
    let mut fields = vec![
        ("pid", "1001"),
        ("trade_no", "20261129"),
        ("out_trade_no", order.as_str()),
        ("type", "alipay"),
        ("name", "Top up"),
        ("money", "10.00"),
        ("trade_status", "TRADE_SUCCESS"),
    ];
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields.sort_unstable();
    let signer = Epay::new("https://pay.example.org/", "1001", secret(key)).unwrap();
    let sign = signer.sign(fields.iter().copied());
    fields.extend([("sign", sign.as_str()), ("sign_type", "MD5")]);
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+")));
    pairs.collect::<Vec<_>>().join("&")
}

/// Whether it would credit the order.
fn credits(notice: &Notice) -> bool {
    let named = notice.order == Some(order().id);
    let event = notice.event(CHANNEL).filter(|_| named);
    let verdict = event.map(|event| decide(&order(), &event));
    matches!(verdict, Some(Verdict::Step(step)) if matches!(step.transfer, Some(Transfer::Give { .. })))
}

/// Each byte of a text changed, left out, doubled, and the text cut there.
fn mutants(text: &[u8]) -> Vec<Vec<u8>> {
    let mut mutants = Vec::new();
    for index in 0..text.len() {
        for bit in [0, 1, 4, 5] {
            let mut mutant = text.to_vec();
            mutant[index] ^= 1 << bit;
            mutants.push(mutant);
        }
        let mut shorter = text.to_vec();
        shorter.remove(index);
        let mut longer = text.to_vec();
        longer.insert(index, text[index]);
        mutants.extend([shorter, longer, text[..index].to_vec()]);
    }
    mutants
}

/// Texts that say another thing.
fn told_otherwise(text: &str) -> Vec<String> {
    let own = order().id.to_string();
    let other = OrderId::new(8).to_string();
    let pairs = [
        ("1000", "999"),
        ("1000", "1001"),
        ("1000", "-1000"),
        ("1000", "\"1000\""),
        ("1000", "1e3"),
        ("1000", "null"),
        ("10.00", "9.99"),
        ("10.00", "10.001"),
        ("10.00", "1000"),
        ("10.00", "-10.00"),
        ("cny", "usd"),
        ("cny", "jpy"),
        ("cny", ""),
        ("CNY", "USD"),
        ("CNY", "XXX"),
        ("\"paid\"", "\"unpaid\""),
        ("\"paid\"", "\"no_payment_required\""),
        ("\"paid\"", "\"failed\""),
        ("\"mode\":\"payment\"", "\"mode\":\"setup\""),
        ("\"livemode\":true", "\"livemode\":false"),
        ("\"test\":false", "\"test\":true"),
        ("\"pi_1\"", "null"),
        ("\"pi_1\"", "\"\""),
        ("completed", "expired"),
        ("completed", "async_payment_failed"),
        (own.as_str(), other.as_str()),
        (own.as_str(), ""),
    ];
    let changed = pairs.iter().filter(|(from, _)| text.contains(from));
    changed.map(|(from, to)| text.replace(from, to)).collect()
}

type Read<'a> = &'a dyn Fn(&str, &[u8]) -> Result<Notice, NoticeError>;

/// Everything that can be done to a signed body and its header.
fn attack(read: Read<'_>, sign: &dyn Fn(&[u8]) -> String, body: &str) -> usize {
    let header = sign(body.as_bytes());
    let truth = read(&header, body.as_bytes()).unwrap();
    assert!(credits(&truth), "{truth:?}");
    let mut tried = 0;
    for mutant in mutants(body.as_bytes()) {
        tried += 1;
        if mutant != body.as_bytes() {
            assert_eq!(read(&header, &mutant), Err(NoticeError::Forged));
        }
    }
    for mutant in mutants(header.as_bytes()) {
        tried += 1;
        let Ok(mutant) = String::from_utf8(mutant) else { continue };
        if let Ok(notice) = read(&mutant, body.as_bytes()) {
            assert_eq!(notice, truth, "{mutant}");
        }
    }
    // Signed by the gateway itself, and wrong all the same.
    for mutant in told_otherwise(body) {
        tried += 1;
        if let Ok(notice) = read(&sign(mutant.as_bytes()), mutant.as_bytes()) {
            assert!(!credits(&notice), "{mutant}");
        }
    }
    tried
}

#[test]
fn of_stripe_are_refused() {
    let read = |header: &str, body: &[u8]| stripe().read(header, body, NOW);
    let tried = attack(&read, &|body| stripe().sign(body, NOW), &session());
    let stranger = Stripe::new(secret("sk_live_1"), secret("whsec_2")).unwrap();
    let forged = read(&stranger.sign(session().as_bytes(), NOW), session().as_bytes());
    assert_eq!(forged, Err(NoticeError::Forged));
    println!("stripe: {tried} notices");
    assert!(tried >= 2_000, "{tried}");
}

#[test]
fn of_the_webhook_are_refused() {
    let read = |header: &str, body: &[u8]| webhook().read(header, body, NOW);
    let mut tried = attack(&read, &|body| webhook().sign(body, NOW), &message());
    // Again at other times: what was signed a day ago opens nothing today.
    for minutes in [-1_440, -6, 6, 1_440] {
        let then = Timestamp::from_secs(NOW.as_secs() + minutes * 60);
        let header = webhook().sign(message().as_bytes(), then);
        assert_eq!(read(&header, message().as_bytes()), Err(NoticeError::Stale));
        for mutant in mutants(message().as_bytes()) {
            tried += 1;
            assert!(read(&header, &mutant).is_err());
        }
    }
    println!("webhook: {tried} notices");
    assert!(tried >= 2_000, "{tried}");
}

#[test]
fn of_epay_are_refused() {
    let good = fields(KEY, &[]);
    let truth = epay().read(&good).unwrap();
    assert!(credits(&truth), "{truth:?}");
    let mut tried = 0;
    for mutant in mutants(good.as_bytes()) {
        tried += 1;
        let Ok(mutant) = String::from_utf8(mutant) else { continue };
        if let Ok(notice) = epay().read(&mutant) {
            assert_eq!(notice, truth, "{mutant}");
        }
    }
    let other = OrderId::new(8).to_string();
    let wrong = [
        ("pid", "1002"),
        ("money", "9.99"),
        ("money", "10.001"),
        ("money", "1000"),
        ("money", ""),
        ("trade_status", "TRADE_CLOSED"),
        ("trade_status", "trade_success"),
        ("trade_status", ""),
        ("trade_no", ""),
        ("out_trade_no", other.as_str()),
        ("out_trade_no", ""),
    ];
    for change in wrong {
        // Signed with the right key and wrong, or right and signed with another.
        for key in [KEY, "another key", ""] {
            tried += 1;
            if key.is_empty() {
                continue;
            }
            if let Ok(notice) = epay().read(&fields(key, &[change])) {
                assert!(key == KEY && !credits(&notice), "{change:?}");
            }
        }
    }

    assert!(tried >= 1_000, "{tried}");
    // Every pair of fields joined into one, so that the signed text stays the same.
    let names = ["name", "out_trade_no", "pid", "trade_no", "trade_status", "type"];
    for name in names {
        let joined = good.replace(&format!("&{name}="), &format!("%26{name}%3D"));
        tried += 1;
        assert!(epay().read(&joined).is_err(), "{joined}");
    }
    for mutant in mutants(fields(KEY, &[("param", "x"), ("money", "10")]).as_bytes()) {
        tried += 1;
        let Ok(mutant) = String::from_utf8(mutant) else { continue };
        if let Ok(notice) = epay().read(&mutant) {
            assert_eq!((notice.news, notice.order), (truth.news, truth.order), "{mutant}");
        }
    }
    println!("epay: {tried} notices");
    assert!(tried >= 2_000, "{tried}");
}

#[test]
fn an_empty_secret_signs_nothing() {
    for empty in ["", " ", "\n"] {
        let missing = |error| matches!(error, GatewayError::Missing(_));
        assert!(missing(Stripe::new(secret("sk"), secret(empty)).unwrap_err()));
        assert!(missing(Stripe::new(secret(empty), secret("whsec")).unwrap_err()));
        assert!(missing(Webhook::new(secret(empty)).unwrap_err()));
        assert!(missing(Epay::new("https://pay.example.org", "1", secret(empty)).unwrap_err()));
        assert!(missing(Epay::new("https://pay.example.org", empty, secret("k")).unwrap_err()));
    }
    assert!(Webhook::new(secret("fifteen letters")).is_err());
    for address in
        ["http://pay.example.org", "pay", "https://a:b@pay.example.org", "https://a/?b=c"]
    {
        assert_eq!(Epay::new(address, "1", secret("k")).unwrap_err(), GatewayError::Address);
    }
}

#[test]
fn secrets_are_not_shown() {
    let bill = bill("Top up");
    let query = epay().query(&epay().read(&fields(KEY, &[])).unwrap()).unwrap();
    let checkout = stripe().checkout(&bill, NOW).unwrap();
    let shown = format!("{:?}{:?}{:?}{query:?}{checkout:?}", stripe(), webhook(), epay());
    for canary in ["sk_live_1", "whsec_1", "sixteen letters", KEY, "a+key+of"] {
        assert!(!shown.contains(canary), "{shown}");
    }
}

fn bill(title: &str) -> Bill<'_> {
    Bill {
        order: order().id,
        amount: order().amount,
        title,
        success_url: "https://realms.example.org/pay/ok",
        cancel_url: "https://realms.example.org/pay/no",
        notify_url: "https://realms.example.org/api/pay/notify",
    }
}

#[test]
fn people_are_sent_to_a_page_for_their_order() {
    let request = stripe().checkout(&bill("Top up"), NOW).unwrap();
    assert_eq!(request.headers[2].1.reveal(), &format!("{}-1795000000", order().id));
    for part in ["mode=payment", "unit_amount%5D=1000", "currency%5D=cny", "expires_at=1795000000"]
    {
        assert!(request.body.contains(part), "{}", request.body);
    }
    let page = br#"{"id":"cs_1","url":"https://checkout.stripe.com/c/1"}"#;
    assert_eq!(stripe().read_checkout(page).unwrap().url, "https://checkout.stripe.com/c/1");
    assert!(stripe().read_checkout(br#"{"id":"cs_1","url":"http://evil"}"#).is_err());

    let url = epay().pay_url(&bill("A & B = C"), Some(EpayMethod::Alipay)).unwrap();
    let (address, query) = url.split_once('?').unwrap();
    assert_eq!(address, "https://pay.example.org/submit.php");
    assert!(query.contains("money=10.00") && query.contains("name=A++B++C"), "{query}");
    // It is signed as the gateway will check it: only the notice's own fields are missing.
    assert_eq!(epay().read(query), Err(NoticeError::Malformed("trade_no")));
    let dollars = Bill { amount: Amount::new(1, Currency::USD).unwrap(), ..bill("") };
    assert_eq!(epay().pay_url(&dollars, None), Err(GatewayError::Amount));
}

#[test]
fn epay_is_asked_before_it_is_believed() {
    let notice = epay().read(&fields(KEY, &[])).unwrap();
    let query = epay().query(&notice).unwrap();
    assert!(
        query.url.reveal().starts_with("https://pay.example.org/api.php?act=order&pid=1001&key=")
    );
    let order = order().id;
    let answer = |status: &str, money: &str, trade: &str, pid: &str| {
        let text = format!(
            r#"{{"code":1,"msg":"ok","trade_no":"{trade}","out_trade_no":"{order}","pid":{pid},"money":{money},"status":{status}}}"#
        );
        epay().confirms(&notice, text.as_bytes())
    };
    assert_eq!(answer("1", "\"10.00\"", "20261129", "1001"), Ok(true));
    assert_eq!(answer("\"1\"", "10.0", "20261129", "\"1001\""), Ok(true));
    assert_eq!(answer("0", "\"10.00\"", "20261129", "1001"), Ok(false));
    assert_eq!(answer("1", "\"1.00\"", "20261129", "1001"), Ok(false));
    assert_eq!(answer("1", "\"10.00\"", "20261130", "1001"), Ok(false));
    assert_eq!(answer("1", "\"10.00\"", "20261129", "1002"), Ok(false));
    assert!(epay().confirms(&notice, b"<html>").is_err());
    assert_eq!(epay().confirms(&notice, br#"{"code":-1,"msg":"no"}"#), Ok(false));
}

#[test]
fn stripe_tells_of_refunds_and_disputes() {
    let order = order().id;
    let read = |topic: &str, object: &str| {
        let body = format!(
            r#"{{"id":"evt_2","type":"{topic}","livemode":true,"data":{{"object":{object}}}}}"#
        );
        stripe().read(&stripe().sign(body.as_bytes(), NOW), body.as_bytes(), NOW)
    };
    let charge = format!(
        r#"{{"payment_intent":{{"id":"pi_1"}},"amount_refunded":400,"currency":"cny","metadata":{{"order":"{order}"}}}}"#
    );
    let notice = read("charge.refunded", &charge).unwrap();
    let total = Amount::new(400, Currency::CNY).unwrap();
    assert_eq!((notice.order, notice.news), (Some(order), News::Returned { total }));
    assert_eq!(notice.payment.as_deref(), Some("pi_1"));
    let foreign = r#"{"payment_intent":null,"amount_refunded":400,"currency":"isk"}"#;
    assert_eq!(read("charge.refunded", foreign).unwrap().news, News::Other);
    let dispute = |topic, status: &str| {
        let object = format!(r#"{{"payment_intent":"pi_1","status":"{status}"}}"#);
        read(topic, &object).unwrap().news
    };
    assert_eq!(dispute("charge.dispute.created", "needs_response"), News::Disputed);
    assert_eq!(dispute("charge.dispute.closed", "won"), News::DisputeWon);
    assert_eq!(dispute("charge.dispute.closed", "lost"), News::Disputed);
    assert_eq!(read("customer.created", "{}").unwrap().news, News::Other);
    let Ok(other) = read("checkout.session.expired", "{}") else { return };
    panic!("{other:?}: a session without anything");
}

#[test]
fn what_is_told_twice_is_the_same_event() {
    let header = stripe().sign(session().as_bytes(), NOW);
    let notice = stripe().read(&header, session().as_bytes(), NOW).unwrap();
    let later = session().replace("evt_1", "evt_9").replace("completed", "async_payment_succeeded");
    let again =
        stripe().read(&stripe().sign(later.as_bytes(), NOW), later.as_bytes(), NOW).unwrap();
    assert_eq!(notice.event(CHANNEL), again.event(CHANNEL));
    assert!(matches!(notice.event(CHANNEL), Some(Event::Paid(_))));
}
