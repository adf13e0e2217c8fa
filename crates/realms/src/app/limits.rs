//! What the bootstrap configuration says of limits and deadlines, for those who keep them.

use std::time::Duration;

use realms_relay::{BodyLimits, Limits, SocketLimits, StreamLimits};
use realms_upstream::Timeouts;

use crate::{config::Config, server::ServerLimits};

/// What the listener grants a connection.
pub(super) fn server_limits(config: &Config) -> ServerLimits {
    ServerLimits {
        connections: config.max_connections,
        connections_per_ip: config.max_connections_per_ip,
        header_bytes: config.max_header_bytes.bytes(),
        headers: config.max_headers,
        first_byte: config.first_byte_timeout,
        header: config.header_timeout,
        keep_alive: config.keep_alive_timeout,
        write_stall: config.write_stall_timeout,
    }
}

/// What the data plane grants a call.
pub(super) fn relay_limits(config: &Config, sockets: SocketLimits, renew: Duration) -> Limits {
    Limits {
        body: BodyLimits {
            bytes: config.max_body_bytes.bytes(),
            total: config.body_timeout,
            stall: config.header_timeout,
        },
        frame_bytes: config.max_frame_bytes.bytes(),
        stream: StreamLimits {
            first_event: config.upstream_first_event_timeout,
            idle: config.upstream_idle_timeout,
            total: config.stream_timeout,
            write_stall: config.write_stall_timeout,
        },
        sockets,
        renew,
    }
}

/// How long an upstream may take.
pub(super) fn upstream_timeouts(config: &Config) -> Timeouts {
    Timeouts {
        dns: config.upstream_dns_timeout,
        connect: config.upstream_connect_timeout,
        tls: config.upstream_tls_timeout,
        headers_stream: config.upstream_stream_header_timeout,
        headers_whole: config.upstream_whole_header_timeout,
        ..Timeouts::default()
    }
}
