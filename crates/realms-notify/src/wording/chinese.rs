//! In Chinese.

use jiff::tz::TimeZone;
use realms_store::LoginCause;
use realms_types::{Cause, Occurrence};

use super::{Said, dollars, log_in_cause, moment, percent};

pub(super) fn test(site: &str) -> Said {
    Said {
        title: format!("{site} 的通知可以送达"),
        text: "这是一条测试通知，没有发生任何事。".to_owned(),
    }
}

pub(super) fn say(occurrence: &Occurrence, zone: &TimeZone) -> Said {
    let (title, text) = match occurrence {
        Occurrence::BalanceLow { available, threshold } => (
            "您的余额不足".to_owned(),
            format!(
                "剩余 {}，低于 {}。余额用尽后，由余额支付的调用将被拒绝。",
                dollars(*available),
                dollars(*threshold)
            ),
        ),
        Occurrence::WindowNearEnd { plan, window, used, eases_at } => (
            format!("{plan} 的窗口已用 {}", percent(*used)),
            match eases_at {
                Some(at) => {
                    format!("窗口：{}。部分额度将于 {} 恢复。", span(window), moment(*at, zone))
                }
                None => format!("窗口：{}。", span(window)),
            },
        ),
        Occurrence::SubscriptionEnding { plan, ends_at } => (
            format!("{plan} 即将到期"),
            format!("到期时间：{}，之后没有同一套餐接续。", moment(*ends_at, zone)),
        ),
        Occurrence::OrderPaid { order, amount, buyer: None } => {
            (format!("已收到您的付款 {amount}"), format!("您购买的内容已到账。订单 {order}。"))
        }
        Occurrence::OrderPaid { order, amount, buyer: Some(buyer) } => {
            (format!("{buyer} 已付款 {amount}"), format!("订单 {order}，购买的内容已到账。"))
        }
        Occurrence::TicketAnswered { subject, answer, .. } => {
            (format!("工单有新回复：{subject}"), format!("回复内容：\n\n{answer}"))
        }
        Occurrence::TicketOpened { subject, by, text, .. } => {
            (format!("{by} 提交了工单：{subject}"), format!("内容：\n\n{text}"))
        }
        Occurrence::ChannelResting { channel, cause, until } => (
            format!("渠道 {channel} 暂停接收调用"),
            match until {
                Some(at) => format!("原因：{}。恢复时间：{}。", reason(*cause), moment(*at, zone)),
                None => format!("原因：{}。需要手动启用。", reason(*cause)),
            },
        ),
        Occurrence::AccountNeedsLogin { account, cause } => (
            format!("上游账号 {account} 需要重新登录"),
            format!("原因：{}。在此之前不会接收调用。", log_in_reason(cause)),
        ),
        Occurrence::AccountQuotaLow { account, used, resets_at } => (
            format!("上游账号 {account} 的额度已用 {}", percent(*used)),
            match resets_at {
                Some(at) => format!("将于 {} 重置。", moment(*at, zone)),
                None => "上游没有说明重置时间。".to_owned(),
            },
        ),
        Occurrence::ErrorRateHigh { failed, calls, minutes } => (
            format!("{calls} 次调用中有 {failed} 次失败"),
            format!("最近 {minutes} 分钟内，不含客户端自身的错误。"),
        ),
        Occurrence::SpendAnomaly { spent, usual, hour } => (
            format!("一小时内花费了 {}", dollars(*spent)),
            format!(
                "时段开始于 {}。前一周平均每小时花费 {}。",
                moment(*hour, zone),
                dollars(*usual)
            ),
        ),
        Occurrence::PricesWaiting { waiting, applied } => (
            format!("{waiting} 个价格等待确认"),
            format!(
                "价格来源中的价格与本站不同，确认之前不会生效。本次由定时任务直接更新的价格：{applied} 个。"
            ),
        ),
    };
    Said { title, text }
}

fn span(window: &str) -> &str {
    match window {
        "5h" => "5 小时",
        "1d" => "1 天",
        "7d" => "7 天",
        "30d" => "30 天",
        "total" => "整个有效期",
        other => other,
    }
}

/// Why something rests, in the words of the console.
const fn reason(cause: Cause) -> &'static str {
    match cause {
        Cause::Connect => "无法连接",
        Cause::HeaderTimeout => "没有及时响应",
        Cause::FirstEventTimeout => "首个事件超时",
        Cause::IdleTimeout => "流中长时间无数据",
        Cause::StreamTimeout => "流持续过久",
        Cause::Broken => "提前结束",
        Cause::NotAnAnswer => "不是有效的回答",
        Cause::TooLarge => "过大",
        Cause::Unauthorized => "密钥被拒绝",
        Cause::Exhausted => "额度用完",
        Cause::RateLimited => "触发限流",
        Cause::Overloaded => "过载",
        Cause::ServerError => "服务器错误",
        Cause::NoSuchPath => "路径不存在",
        Cause::NoSuchModel => "模型不存在",
        Cause::Redirect => "重定向",
        Cause::BadRequest => "请求被拒绝",
        Cause::ClientGone => "客户端离开",
        Cause::Shutdown => "Realms 停止",
        Cause::Revoked => "令牌已吊销",
        Cause::NotAllowed => "没有权限",
        Cause::NoChannel => "没有可用渠道",
    }
}

/// Why an account must be logged in again, in the words of the console.
fn log_in_reason(cause: &str) -> &str {
    match log_in_cause(cause) {
        Some(LoginCause::Refused) => "登录被拒绝",
        Some(LoginCause::Reused) => "令牌在别处被使用",
        Some(LoginCause::AnswerLost) => "回复丢失",
        Some(LoginCause::Deactivated) => "账号已关闭",
        None => cause,
    }
}
