use super::*;

const FIELDS: NoticeFields<'static> = SAMPLE;

fn detail(kind: NoticeKind, text: &str) -> TemplateError {
    check_notice(kind, text).expect_err(text)
}

#[test]
fn the_defaults_can_be_saved_and_read_well() {
    for (kind, text) in [
        (NoticeKind::SmsBody, DEFAULT_SMS_BODY),
        (NoticeKind::EmailSubject, DEFAULT_EMAIL_SUBJECT),
        (NoticeKind::EmailBody, DEFAULT_EMAIL_BODY),
    ] {
        check_notice(kind, text).expect(text);
    }
    assert_eq!(
        render_notice(DEFAULT_SMS_BODY, &FIELDS).expect("a text"),
        "Dr. Amy Lee at Riverside Family Clinic sent you a private message: \
         https://messages.example.org/m#0123456789abcdefABCDEF"
    );
    let without_phone = render_notice(DEFAULT_EMAIL_BODY, &FIELDS).expect("a text");
    assert!(without_phone.ends_with("abcdefABCDEF"), "{without_phone}");
    let fields = NoticeFields { organization_phone: Some("(555) 010-0100"), ..FIELDS };
    let with_phone = render_notice(DEFAULT_EMAIL_BODY, &fields).expect("a text");
    assert!(with_phone.ends_with("\n\nQuestions? Call (555) 010-0100."), "{with_phone}");
}

#[test]
fn an_organization_without_a_person_signs_alone() {
    let fields = NoticeFields { user_name: "", ..FIELDS };
    let text = render_notice("{{ user.name_and_company }}", &fields).expect("a text");
    assert_eq!(text, "Riverside Family Clinic");
}

#[test]
fn a_notice_cannot_lose_its_link() {
    for text in [
        "Hello",
        "secure_link",
        "{{ 'secure_link' }}",
        "{{ secure_link | upcase }}",
        "{{ secure_link | slice: 0, 4 }}",
        "{{ user.name | append: secure_link }}",
        "{% if organization.phone %}{{ secure_link }}{% endif %}",
        "{% if user.name == 'x' %}{% else %}{{ secure_link }}{% endif %}",
        "{% if secure_link %}yes{% endif %}",
    ] {
        assert!(detail(NoticeKind::SmsBody, text).detail.contains("{{ secure_link }}"), "{text}");
        assert!(check_notice(NoticeKind::EmailBody, text).is_err(), "{text}");
    }
    for text in
        ["{{secure_link}}", "{{- secure_link -}}", "a {{\n secure_link\n}} b", "{ 50% } {{ secure_link }}"]
    {
        check_notice(NoticeKind::SmsBody, text).expect(text);
    }
}

#[test]
fn a_subject_is_one_line_without_the_link() {
    assert_eq!(detail(NoticeKind::EmailSubject, "a\nb").detail, "must be one line");
    assert!(detail(NoticeKind::EmailSubject, "{{ secure_link }}").detail.contains("unknown field"));
    assert_eq!(detail(NoticeKind::EmailSubject, " ").detail, "must not be empty");
    assert!(check_notice(NoticeKind::EmailSubject, &"x".repeat(201)).is_err());
}

#[test]
fn unknown_fields_are_found_in_every_branch_with_their_line() {
    for (text, line) in [
        ("{{ secure_link }} {{ contact.first_name }}", 1),
        ("{{ secure_link }}\n\n{{ message.body }}", 3),
        ("{{ secure_link }}{% if user.nam %}x{% endif %}", 1),
        ("{{ secure_link }}{% if user.name == 'y' %}\n{{ nope }}{% endif %}", 2),
        ("{{ secure_link }}{% if user.name %}{% else %}\n{{ nope }}{% endif %}", 2),
        ("{{ secure_link }}{% if user.name %}{% elsif nope %}{% endif %}", 1),
        ("{{ secure_link }}{{ user.name | append: nope }}", 1),
        ("{{ secure_link }}{{ user }}", 1),
        ("{{ secure_link }}{{ user.name.first }}", 1),
        ("{{ secure_link }}{{\n\nnope }}", 3),
        ("{{ secure_link }}{{ 'a\nb' | append: nope }}", 2),
    ] {
        let error = detail(NoticeKind::EmailBody, text);
        assert!(error.detail.contains("unknown field"), "{text}: {error:?}");
        assert_eq!(error.line, Some(line), "{text}");
    }
}

#[test]
fn broken_and_unbounded_texts_are_refused_without_a_panic() {
    let nested = format!("{}{}{{{{ secure_link }}}}", "{% if true %}".repeat(9), "{% endif %}".repeat(9));
    let brackets = format!("{{{{ secure_link }}}}{{{{ user{} }}}}", "[user".repeat(300));
    for text in [
        "{{ secure_link",
        "{{ secure_link }} }}",
        "{{ secure_link }} {{ }}",
        "{{ secure_link }} {{ | upcase }}",
        "{{ secure_link }} {{ user.name upcase }}",
        "{{ secure_link }} {{ user.name | upcase: }}",
        "{{ secure_link }} {{ user.name | reverse }}",
        "{{ secure_link }} {{ user.name | slice }}",
        "{{ secure_link }} {{ user.name | slice: 'x' }}",
        "{{ secure_link }} {{ user.name | slice: 99999999999999999999 }}",
        "{{ secure_link }} {{ user['name'] }}",
        "{{ secure_link }} {{ 'open }}",
        "{{ secure_link }} {% if %}{% endif %}",
        "{{ secure_link }} {% if user.name %}",
        "{{ secure_link }} {% endif %}",
        "{{ secure_link }} {% else %}",
        "{{ secure_link }} {% if user.name %}{% else %}{% else %}{% endif %}",
        "{{ secure_link }} {% if user.name = 'x' %}{% endif %}",
        "{{ secure_link }} {% for i in (1..999999) %}{% endfor %}",
        "{{ secure_link }} {% capture x %}{% endcapture %}",
        "{{ secure_link }} {% assign x = 1 %}",
        "{{ secure_link }} {% include 'x' %}",
        "{{ secure_link }} {% raw %}{% endraw %}",
        "{{ secure_link }} {%",
        "{{ secure_link }} {% %}",
        &nested,
        &brackets,
        &"{{ secure_link }}".repeat(200),
    ] {
        detail(NoticeKind::EmailBody, text);
    }
}

#[test]
fn syntax_errors_name_their_line() {
    assert_eq!(detail(NoticeKind::EmailBody, "a\n{{ secure_link").line, Some(2));
    assert_eq!(detail(NoticeKind::EmailBody, "{{ secure_link }}\n{{ user.name upcase }}").line, Some(2));
    assert_eq!(detail(NoticeKind::EmailBody, "{{ secure_link }}\n\n{% for x %}").line, Some(3));
}

#[test]
fn a_name_cannot_write_a_template() {
    let fields = NoticeFields { user_name: "{{ secure_link }}{% if %}", ..FIELDS };
    let text = render_notice("{{ user.name }}", &fields).expect("a text");
    assert_eq!(text, "{{ secure_link }}{% if %}");
}

#[test]
fn a_pin_is_made_of_the_contacts_fields() {
    let contact = ContactFields {
        first_name: Some("Ana"),
        last_name: Some("Muñoz"),
        phone: Some("+15550100142"),
        external_id: Some("ehr-20481"),
        ..ContactFields::default()
    };
    for (template, pin) in [
        ("{{ contact.phone | slice: -4, 4 }}", Some("0142")),
        ("{{ contact.last_name | slice: -4, 4 | upcase }}", Some("UÑOZ")),
        ("{{ contact.last_name | slice: 0, 4 | downcase }}", Some("muño")),
        ("{{ contact.last_name | slice: 1, 999999 }}", Some("uñoz")),
        ("{{ contact.first_name }}", None),
        ("{{ contact.email }}", None),
        ("{{ contact.email | slice: -4, 4 }}", None),
        ("{{ contact.email | default: contact.external_id }}", Some("ehr-20481")),
        ("{{ contact.first_name | slice: -4, 4 }}", None),
        (
            "{% if contact.email %}{{ contact.email }}{% else %}{{ contact.phone }}{% endif %}",
            Some("+15550100142"),
        ),
        ("  {{ contact.phone | slice: -4, 4 }}\n", Some("0142")),
    ] {
        check_pin(template).expect(template);
        let rendered = render_pin(template, &contact).expect(template);
        assert_eq!(rendered.as_ref().map(Pin::as_str), pin, "{template}");
    }
}

#[test]
fn a_pin_template_without_a_known_field_is_refused() {
    for text in ["", "4821", "{{ '4821' }}", "{{ user.name }}", "{{ secure_link }}", "{{ contact.pin }}"] {
        assert!(check_pin(text).is_err(), "{text}");
    }
}
