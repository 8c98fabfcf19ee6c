use actix_web::test::TestRequest;

use super::*;

/// Who asks, behind which proxies, with which headers, and whom the limits count for (security.md D19).
#[test]
fn only_the_right_most_untrusted_hop_counts() {
    const CLIENT: &str = "203.0.113.7";
    for (trusted, peer, headers, counted) in [
        // No proxy of ours: whatever it says of others, it is itself.
        ("", "203.0.113.7", &[("x-forwarded-for", "198.51.100.1")][..], CLIENT),
        ("10.0.0.0/8", "203.0.113.7", &[("x-forwarded-for", "198.51.100.1")], CLIENT),
        ("10.0.0.0/8", "10.0.0.2", &[], "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", &[("x-forwarded-for", CLIENT)], CLIENT),
        // What the client wrote itself stands further left.
        ("10.0.0.0/8", "10.0.0.2", &[("x-forwarded-for", "198.51.100.1, 203.0.113.7")], CLIENT),
        ("10.0.0.0/8", "10.0.0.2", &[("x-forwarded-for", "10.9.9.9, 203.0.113.7, 10.0.0.3")], CLIENT),
        // Two headers are one list.
        (
            "10.0.0.0/8",
            "10.0.0.2",
            &[("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.7")],
            CLIENT,
        ),
        ("10.0.0.0/8", "10.0.0.2", &[("x-forwarded-for", "10.0.0.9, 10.0.0.3")], "10.0.0.9"),
        ("10.0.0.0/8", "10.0.0.2", &[("x-forwarded-for", "203.0.113.7, nonsense")], "10.0.0.2"),
        // Others' names for it are nothing: some proxies pass them on as they came.
        ("10.0.0.0/8", "10.0.0.2", &[("x_forwarded_for", CLIENT)], "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", &[("x-real-ip", CLIENT), ("forwarded", "for=203.0.113.7")], "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", &[("client-ip", CLIENT), ("true-client-ip", CLIENT)], "10.0.0.2"),
        ("::1", "::1", &[("x-forwarded-for", "2001:db8::7")], "2001:db8::7"),
    ] {
        let mut config =
            Config::from_pairs([("SEALPOST_TRUSTED_PROXIES", trusted)]).expect("a configuration");
        config.bind_to(([127, 0, 0, 1], 1).into());
        let peer = std::net::SocketAddr::new(peer.parse().expect("an address"), 4242);
        let request = headers
            .iter()
            .fold(TestRequest::default().peer_addr(peer), |request, header| request.append_header(*header));
        let address = client_address(&request.to_http_request(), &config).expect("an address");
        assert_eq!(address.to_string(), counted, "{trusted} {peer} {headers:?}");
    }
}

#[test]
fn ipv6_is_counted_by_network() {
    let of = |text: &str| network(text.parse().expect("an address"));
    assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::"));
    assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
    assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
}
