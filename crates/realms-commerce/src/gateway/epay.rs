//! EPay (易支付), version 1: a page to be sent to, a notice by `GET` or `POST`, a query.
//!
//! As described at <https://epay.mushu.me/doc.html> and <https://pay.chenyme.com/docs/api>: all fields
//! that are not empty, but for `sign` and `sign_type`, sorted by name, joined as `k=v&k2=v2`, the key of
//! the merchant right behind, MD5 in lower-case hexadecimal. Money is in yuan with at most two digits.
//!
//! The scheme joins values as they are, so a value with `&` in it could be read as two fields: such a
//! notice is refused. It has no time in it, so a notice never grows old; nothing is credited twice.

use md5::{Digest, Md5};
use realms_types::{Amount, Currency, Secret};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::{Bill, GatewayError, News, Notice, NoticeError, Request, form, id, present, signature};

/// A merchant at an EPay gateway.
#[derive(Debug, Clone)]
pub struct Epay {
    gateway: Url,
    pid: String,
    key: Secret<String>,
}

/// With what people pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpayMethod {
    /// Alipay.
    Alipay,
    /// WeChat Pay.
    Wechat,
    /// QQ wallet.
    Qq,
}

/// What the query answers; numbers may be texts.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    code: &'a RawValue,
    #[serde(borrow)]
    pid: Option<&'a RawValue>,
    #[serde(borrow)]
    trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    out_trade_no: Option<&'a RawValue>,
    #[serde(borrow)]
    money: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
}

// === impl EpayMethod ===

impl EpayMethod {
    /// Every way to pay.
    pub const ALL: [Self; 3] = [Self::Alipay, Self::Wechat, Self::Qq];

    /// The word of the gateway.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alipay => "alipay",
            Self::Wechat => "wxpay",
            Self::Qq => "qqpay",
        }
    }
}

// === impl Epay ===

impl Epay {
    /// What a gateway wants to read as the answer, once the payment is in the database.
    pub const ACKNOWLEDGED: &'static str = "success";

    /// A merchant with its number and key.
    pub fn new(gateway: &str, pid: &str, key: Secret<String>) -> Result<Self, GatewayError> {
        let mut gateway = Url::parse(gateway).map_err(|_| GatewayError::Address)?;
        let plain = gateway.query().is_some() || gateway.fragment().is_some();
        let named = !gateway.username().is_empty() || gateway.password().is_some();
        if gateway.scheme() != "https" || plain || named {
            return Err(GatewayError::Address);
        }
        if !gateway.path().ends_with('/') {
            gateway.set_path(&format!("{}/", gateway.path()));
        }
        let pid = pid.trim().to_owned();
        if pid.is_empty() {
            return Err(GatewayError::Missing("number of the merchant"));
        }
        Ok(Self { gateway, pid, key: present(key, "key of the merchant")? })
    }

    /// Reads the query or the form of a notice, if it was signed with the key of the merchant.
    pub fn read(&self, query: &str) -> Result<Notice, NoticeError> {
        let fields = form::read(query)?;
        let field = |name: &str| {
            fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let sign = field("sign").filter(|sign| !sign.is_empty()).ok_or(NoticeError::Unsigned)?;
        if field("sign_type").is_some_and(|kind| !kind.eq_ignore_ascii_case("md5")) {
            return Err(NoticeError::Unsigned);
        }
        let ambiguous =
            |(name, value): &(String, String)| name.contains(['&', '=']) || value.contains('&');
        if fields.iter().any(ambiguous) {
            return Err(NoticeError::Malformed("a field with `&` in it"));
        }
        let own = self.sign(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let told = sign.to_ascii_lowercase();
        if aws_lc_rs::constant_time::verify_slices_are_equal(own.as_bytes(), told.as_bytes())
            .is_err()
        {
            return Err(NoticeError::Forged);
        }
        if field("pid") != Some(self.pid.as_str()) {
            return Err(NoticeError::OtherMerchant);
        }
        let trade = id(field("trade_no").unwrap_or_default(), "trade_no")?;
        let status = id(field("trade_status").unwrap_or_default(), "trade_status")?;
        let order = field("out_trade_no").and_then(|text| text.parse().ok());
        let money = field("money").map(|text| Amount::parse(text, Currency::CNY));
        let news = match (status.as_str(), money) {
            ("TRADE_SUCCESS", Some(Ok(amount))) => News::Paid { amount, test: false },
            ("TRADE_SUCCESS", _) => return Err(NoticeError::Malformed("money")),
            _ => News::Other,
        };
        let notice = id(&format!("{trade}:{status}"), "trade_no")?;
        Ok(Notice { id: notice, topic: status, order, payment: Some(trade), news })
    }

    /// The page to send people to.
    pub fn pay_url(
        &self,
        bill: &Bill<'_>,
        method: Option<EpayMethod>,
    ) -> Result<String, GatewayError> {
        if bill.amount.currency() != Currency::CNY || bill.amount.minor() == 0 {
            return Err(GatewayError::Amount);
        }
        let (order, money) = (bill.order.to_string(), bill.amount.decimal());
        // The gateway joins it unescaped too.
        let title: String = bill.title.chars().filter(|one| !"&=?#%+".contains(*one)).collect();
        let title = &title[..title.floor_char_boundary(100)];
        let mut fields = vec![
            ("pid", self.pid.as_str()),
            ("type", method.map_or("", EpayMethod::as_str)),
            ("out_trade_no", &order),
            ("notify_url", bill.notify_url),
            ("return_url", bill.success_url),
            ("name", title),
            ("money", &money),
        ];
        fields.retain(|(_, value)| !value.is_empty());
        let sign = self.sign(fields.iter().copied());
        fields.extend([("sign", sign.as_str()), ("sign_type", "MD5")]);
        Ok(format!("{}submit.php?{}", self.gateway, form::write(fields)))
    }

    /// Asks for what became of an order. The key of the merchant is in the address.
    pub fn query(&self, notice: &Notice) -> Option<Request> {
        let (order, trade) = (notice.order?.to_string(), notice.payment.as_deref()?);
        let query = form::write([
            ("act", "order"),
            ("pid", &self.pid),
            ("key", self.key.reveal()),
            ("trade_no", trade),
            ("out_trade_no", &order),
        ]);
        Some(Request {
            method: "GET",
            url: Secret::new(format!("{}api.php?{query}", self.gateway)),
            headers: Vec::new(),
            body: String::new(),
        })
    }

    /// Whether the answer to [`Epay::query`] says what the notice says: same merchant, order, payment
    /// and amount, and paid.
    pub fn confirms(&self, notice: &Notice, answer: &[u8]) -> Result<bool, NoticeError> {
        let answer: Answer<'_> = serde_json::from_slice(answer)
            .map_err(|_| NoticeError::Malformed("the answer to the query"))?;
        let text =
            |value: Option<&RawValue>| value.map(|raw| raw.get().trim_matches('"').to_owned());
        let News::Paid { amount, .. } = notice.news else { return Ok(false) };
        let money = text(answer.money).and_then(|text| Amount::parse(&text, Currency::CNY).ok());
        let merchant = text(answer.pid).is_none_or(|pid| pid == self.pid);
        Ok(answer.code.get().trim_matches('"') == "1"
            && text(answer.status).as_deref() == Some("1")
            && merchant
            && money == Some(amount)
            && text(answer.trade_no) == notice.payment
            && text(answer.out_trade_no) == notice.order.map(|order| order.to_string()))
    }

    /// The signature of fields, as both sides make it.
    pub fn sign<'a>(&self, fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
        let signed = |(name, value): &(&str, &str)| {
            !value.is_empty() && *name != "sign" && *name != "sign_type"
        };
        let mut fields: Vec<(&str, &str)> = fields.filter(signed).collect();
        fields.sort_unstable();
        let mut hash = Md5::new();
        for (index, (name, value)) in fields.iter().enumerate() {
            let joint = if index == 0 { "" } else { "&" };
            hash.update(format!("{joint}{name}={value}"));
        }
        hash.update(self.key.reveal());
        signature::hex(&hash.finalize())
    }
}
