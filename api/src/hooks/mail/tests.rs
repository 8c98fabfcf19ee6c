use super::*;

const ID: &str = "0190d3a1-7c1e-7f00-8a3b-5d2f6c9e4b10";

fn ours() -> Email {
    "messages@sealpost.example".parse().expect("an address")
}

fn of(headers: &str, body: &str) -> Mail {
    let raw = format!("{headers}\n\n{body}").replace('\n', "\r\n");
    read(raw.as_bytes(), &ours())
}

fn bounce(action: &str, status: &str, original: &str) -> Mail {
    let headers = "From: MAILER-DAEMON@mail.example\nTo: messages@sealpost.example\nSubject: Undelivered\n\
        Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"";
    let body = format!(
        "--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n\
        Reporting-MTA: dns; mail.example\n\nFinal-Recipient: rfc822; jordan.reyes@mail.example\nAction: {action}\n\
        Status: {status}\nDiagnostic-Code: smtp; 550 5.1.1 <jordan.reyes@mail.example> unknown\n\
        --b\n{original}\n--b--\n"
    );
    of(headers, &body)
}

#[test]
fn a_mail_that_came_back_is_known_by_the_id_it_went_with() {
    let whole =
        format!("Content-Type: message/rfc822\n\nMessage-ID: <{ID}@sealpost.example>\nSubject: x\n\nHello");
    let headers = format!("Content-Type: text/rfc822-headers\n\nMessage-ID: <{ID}@Sealpost.Example>\n");
    for original in [&whole, &headers] {
        let Mail::CameBack { delivery, receipt: Receipt::Failed { code, detail } } =
            bounce("failed", "5.1.1", original)
        else {
            panic!("it came back: {original}")
        };
        assert_eq!((delivery.to_string().as_str(), code), (ID, FailureCode::AddressInvalid));
        assert!(detail.contains("5.1.1") && !detail.contains("jordan"), "{detail}");
    }
    let code = |action, status| match bounce(action, status, &whole) {
        Mail::CameBack { receipt: Receipt::Failed { code, .. }, .. } => Some(code),
        _ => None,
    };
    assert_eq!(code("failed", "5.7.1"), Some(FailureCode::MailBounced));
    assert_eq!(code("Failed", "5.2.2 (mailbox full)"), Some(FailureCode::MailBounced));
    assert_eq!(code("failed", "<script>"), Some(FailureCode::MailBounced));
    let delivery = ID.parse().expect("a uuid");
    assert_eq!(
        bounce("delivered", "2.0.0", &whole),
        Mail::CameBack { delivery, receipt: Receipt::Delivered }
    );
    assert_eq!(bounce("delayed", "4.4.1", &whole), Mail::Automatic, "no news yet");
    let others = whole.replace("sealpost.example", "other.example");
    assert_eq!(bounce("failed", "5.1.1", &others), Mail::Automatic, "none of ours");
}

#[test]
fn what_machines_write_is_left_alone() {
    let from = "From: Jordan <jordan.reyes@mail.example>\nMessage-ID: <1@mail.example>";
    for header in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "X-Autoreply: yes",
        "X-Autorespond: away",
        "Precedence: bulk",
        "Precedence: Auto_Reply",
        "Return-Path: <>",
        "List-Id: <news.example>",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
    ] {
        assert_eq!(of(&format!("{from}\n{header}"), "I am away."), Mail::Automatic, "{header}");
    }
    assert_eq!(of("From: Messages@Sealpost.example", "our own"), Mail::Automatic);
    for headers in ["Subject: nobody", "From: nobody at all", "From: <>"] {
        assert_eq!(of(headers, "x"), Mail::Unreadable, "{headers}");
    }
}

#[test]
fn what_somebody_wrote_is_taken_as_it_was_written() {
    let headers = format!(
        "From: Jordan Reyes <Jordan.Reyes@mail.example>\nMessage-ID: <abc.1@mail.example>\nAuto-Submitted: no\n\
         In-Reply-To: <{ID}@sealpost.example>\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: quoted-printable"
    );
    let Mail::Written(written) = of(&headers, "Gr=C3=BC=C3=9Fe,\nJordan\n\n> Open it here") else {
        panic!("somebody wrote")
    };
    assert!(written.from.as_str().eq_ignore_ascii_case("jordan.reyes@mail.example"));
    assert_eq!((written.id.as_str(), written.files), ("abc.1@mail.example", 0));
    assert_eq!(written.answers, Some(ID.parse().expect("a uuid")));
    assert!(
        written.text.starts_with("Grüße,") && written.text.contains("> Open it here"),
        "{}",
        written.text
    );
    // Without an id of its own it is known by what it is made of.
    let twice =
        [of("From: a@mail.example", "x"), of("From: a@mail.example", "x"), of("From: a@mail.example", "y")];
    let ids = twice.iter().map(|mail| match mail {
        Mail::Written(written) => written.id.clone(),
        _ => panic!("somebody wrote"),
    });
    let ids: Vec<_> = ids.collect();
    assert!(ids[0] == ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn an_html_mail_is_read_as_text_and_its_files_are_counted() {
    let headers = "From: a@mail.example\nContent-Type: multipart/mixed; boundary=\"b\"";
    let body = "--b\nContent-Type: text/html\n\n<p>Hello<br>there</p><script>alert(1)</script>\n\
        --b\nContent-Type: image/png; name=x.png\nContent-Disposition: attachment\n\nxx\n--b--\n";
    let Mail::Written(written) = of(headers, body) else { panic!("somebody wrote") };
    assert!(written.text.contains("Hello") && !written.text.contains('<'), "{}", written.text);
    assert_eq!(written.files, 1);
}
