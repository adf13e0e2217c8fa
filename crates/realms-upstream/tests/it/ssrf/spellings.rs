//! Every way to write one IPv4 address as the host of a URL.

use std::net::Ipv4Addr;

/// All of them; some are no hosts at all, which is as good as refused.
pub(super) fn spellings(address: Ipv4Addr) -> Vec<String> {
    let mut all = numbers(address);
    all.extend(texts(address));
    all.extend(hidden(address));
    all
}

/// Decimal, hexadecimal and octal, in one to four parts.
fn numbers(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let whole = address.to_bits();
    let (last2, last3) = (whole & 0xffff, whole & 0xff_ffff);
    vec![
        format!("{a}.{b}.{c}.{d}"),
        format!("{whole}"),
        format!("0x{whole:x}"),
        format!("0X{whole:X}"),
        format!("0{whole:o}"),
        format!("0000{whole:o}"),
        format!("{a}.{last3}"),
        format!("{a}.{b}.{last2}"),
        format!("0x{a:x}.{last3}"),
        format!("0{a:o}.0x{last3:x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0x{a:02X}.0{b:03o}.{c}.{d}"),
        format!("0x{a:x}.0x{b:x}.{last2}"),
        format!("{a}.{b}.{c}.{d}."),
        format!("{whole}."),
    ]
}

/// The same digits in other characters.
fn texts(address: Ipv4Addr) -> Vec<String> {
    let plain = address.to_string();
    let wide = |text: &str| -> String {
        let wide = |c: char| match c {
            '0'..='9' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
            other => other,
        };
        text.chars().map(wide).collect()
    };
    let circled = |c: char| match c {
        '1'..='9' => char::from_u32(0x2460 + u32::from(c) - u32::from('1')).unwrap(),
        '0' => '\u{24ea}',
        other => other,
    };
    vec![
        plain.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat(),
        plain.replacen('.', "%2e", 1),
        plain.replacen('.', "%2E", 3),
        wide(&plain),
        wide(&plain).replace('.', "\u{3002}"),
        plain.replace('.', "\u{ff0e}"),
        plain.replace('.', "\u{ff61}"),
        plain.chars().map(circled).collect(),
    ]
}

/// Inside an IPv6 address.
fn hidden(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let mut all = vec![
        format!("[::ffff:{a}.{b}.{c}.{d}]"),
        format!("[::ffff:{high:x}:{low:x}]"),
        format!("[::FFFF:{high:X}:{low:X}]"),
        format!("[0:0:0:0:0:ffff:{high:04x}:{low:04x}]"),
        format!("[64:ff9b::{a}.{b}.{c}.{d}]"),
        format!("[64:FF9B::{high:x}:{low:x}]"),
        format!("[2002:{high:x}:{low:x}::]"),
        format!("[2002:{high:x}:{low:x}::1]"),
        format!("[2001:0:{high:x}:{low:x}:0:0:f7f7:f7f7]"),
        format!("[2001:0:808:808:0:0:{:x}:{:x}]", !high, !low),
    ];
    // `::0.0.0.1` is an address of its own.
    if high != 0 {
        all.push(format!("[::{a}.{b}.{c}.{d}]"));
    }
    all
}
