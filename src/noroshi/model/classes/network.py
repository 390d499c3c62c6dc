"""OCSF category 4, Network Activity."""

from __future__ import annotations

from noroshi.model.classes.parts import ACTOR_PROCESS, CONNECTION, file
from noroshi.model.column import boolean, integer, text, texts, time
from noroshi.model.event_class import EventClass

NETWORK_ACTIVITY = EventClass(
    "network_activity",
    4001,
    "Network Activity",
    (
        *CONNECTION,
        *ACTOR_PROCESS,
        text("connection_info.state", "State or flags summary, e.g. Zeek's conn_state."),
    ),
)

TLS_ACTIVITY = EventClass(
    "tls_activity",
    4001,
    "Network Activity (TLS)",
    (
        *CONNECTION,
        text("tls.version", "Protocol version."),
        text("tls.cipher", "Cipher suite."),
        text("tls.sni", "Server name that the client asked for."),
        text("tls.ja3_hash.value", "JA3 of the client, MD5 hex."),
        text("tls.ja3s_hash.value", "JA3S of the server, MD5 hex."),
        text("tls.ja4", "JA4 of the client."),
        text("tls.certificate.subject", "Subject of the server's certificate."),
        text("tls.certificate.issuer", "Issuer of the server's certificate."),
        text("tls.certificate.serial_number", "Serial number."),
        text("tls.certificate.fingerprint", "SHA-1 or SHA-256 of the certificate, hex."),
        texts("tls.certificate.sans", "Names in the certificate."),
        time("tls.certificate.created_time", "Not valid before."),
        time("tls.certificate.expiration_time", "Not valid after."),
        text("tls.validation_status", "Verdict on the certificate chain."),
    ),
)

HTTP_ACTIVITY = EventClass(
    "http_activity",
    4002,
    "HTTP Activity",
    (
        *CONNECTION,
        text("http_request.http_method", "Method, upper case."),
        text("http_request.url.url_string", "URL as asked, absolute where the source has it."),
        text("http_request.url.hostname", "Host part, lower case."),
        text("http_request.url.path", "Path part."),
        text("http_request.url.query_string", "Query part, without the question mark."),
        text("http_request.user_agent", "User-Agent."),
        text("http_request.referrer", "Referer."),
        text("http_request.version", "Protocol version."),
        text("http_request.username", "Account named to the server or proxy."),
        integer("http_response.code", "Status code."),
        text("http_response.content_type", "MIME type of the answer."),
        text("http_cache_status", "What a proxy did with it."),
    ),
)

DNS_ACTIVITY = EventClass(
    "dns_activity",
    4003,
    "DNS Activity",
    (
        *CONNECTION,
        *ACTOR_PROCESS,
        text("query.hostname", "Name asked for, lower case, without the final dot."),
        text("query.type", "Record type: A, AAAA, TXT …"),
        text("query.class", "Record class, usually IN."),
        text("rcode", "Response code by name: NOERROR, NXDOMAIN …"),
        texts("answers", "Answers as text."),
        boolean("is_rejected", "The server refused."),
    ),
)

FILE_TRANSFER = EventClass(
    "file_transfer",
    4010,
    "Network File Activity",
    (*CONNECTION, *file("file", "File carried"), text("share", "Share or remote path.")),
)

SSH_ACTIVITY = EventClass(
    "ssh_activity",
    4007,
    "SSH Activity",
    (
        *CONNECTION,
        text("client_version", "Client software string."),
        text("server_version", "Server software string."),
        boolean("is_authenticated", "Authentication succeeded."),
        text("hassh", "HASSH of the client."),
    ),
)

EMAIL_ACTIVITY = EventClass(
    "email_activity",
    4009,
    "Email Activity",
    (
        *CONNECTION,
        text("email.message_uid", "Message-ID."),
        text("email.from", "From address, lower case."),
        text("email.from_name", "Display name of the sender."),
        texts("email.to", "Recipient addresses, lower case."),
        text("email.reply_to", "Reply-To address, lower case."),
        text("email.return_path", "Envelope sender, lower case."),
        text("email.subject", "Subject, decoded."),
        texts("email.urls", "URLs in the body."),
        texts("email.attachments", "File names of attachments."),
        texts("email.attachment_sha256", "SHA-256 of attachments, in the same order."),
        text("email.authentication", "SPF, DKIM and DMARC verdicts as the receiver wrote them."),
        text("email.x_originating_ip", "First address in the Received chain outside."),
    ),
)
