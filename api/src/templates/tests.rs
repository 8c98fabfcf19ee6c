use super::*;

const SENDER: SenderFields<'static> = SenderFields {
    user_name: "Dr. Amy Lee",
    organization_name: "Riverside Family Clinic",
    organization_phone: None,
    office_hours: None,
};
const FIELDS: NoticeFields<'static> =
    NoticeFields { sender: SENDER, contact: SOMEBODY, secure_link: SAMPLE_LINK };

fn custom() -> Vec<CustomField> {
    use sealpost_shared::contact_fields::ContactFieldKind::{Number, Text};
    let field = |key: &str, kind, in_notices| CustomField { key: key.to_owned(), kind, in_notices };
    vec![field("nickname", Text, true), field("birth_year", Number, false)]
}

fn check(kind: NoticeKind, text: &str) -> Result<(), TemplateError> {
    check_notice(kind, text, &SENDER, &custom())
}

fn error(kind: NoticeKind, text: &str) -> TemplateError {
    check(kind, text).expect_err(text)
}

fn rendered(text: &str, fields: &NoticeFields<'_>) -> String {
    render_notice(text, fields).expect(text).text
}

#[test]
fn the_defaults_can_be_saved_and_read_well() {
    for (kind, text) in [
        (NoticeKind::SmsBody, DEFAULT_SMS_BODY),
        (NoticeKind::EmailSubject, DEFAULT_EMAIL_SUBJECT),
        (NoticeKind::EmailBody, DEFAULT_EMAIL_BODY),
    ] {
        check(kind, text).expect(text);
    }
    assert_eq!(
        rendered(DEFAULT_SMS_BODY, &FIELDS),
        "Dr. Amy Lee at Riverside Family Clinic sent you a private message: \
         https://messages.example.org/m#0123456789abcdefABCDEF"
    );
    let without_phone = rendered(DEFAULT_EMAIL_BODY, &FIELDS);
    assert!(without_phone.ends_with("abcdefABCDEF"), "{without_phone}");
    let sender = SenderFields { organization_phone: Some("(555) 010-0100"), ..SENDER };
    let with_phone = rendered(DEFAULT_EMAIL_BODY, &NoticeFields { sender, ..FIELDS });
    assert!(with_phone.ends_with("\n\nQuestions? Call (555) 010-0100."), "{with_phone}");
}

#[test]
fn an_organization_without_a_person_signs_alone() {
    let fields = NoticeFields { sender: SenderFields { user_name: "", ..SENDER }, ..FIELDS };
    assert_eq!(rendered("{{ user.name_and_company }}", &fields), "Riverside Family Clinic");
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
        assert!(error(NoticeKind::SmsBody, text).detail.contains("{{ secure_link }}"), "{text}");
        assert!(check(NoticeKind::EmailBody, text).is_err(), "{text}");
    }
    for text in
        ["{{secure_link}}", "{{- secure_link -}}", "a {{\n secure_link\n}} b", "{ 50% } {{ secure_link }}"]
    {
        check(NoticeKind::SmsBody, text).expect(text);
    }
}

#[test]
fn a_notice_names_the_sender_the_organization_the_first_name_and_what_is_allowed() {
    for text in [
        "{{ user.name }} {{ user.name_and_company | upcase }} {{ organization.name | strip }} {{ secure_link }}",
        "{{ contact.first_name }}: {{ secure_link }}",
        "{{ custom.nickname }} {{ contact.custom.nickname | default: contact.first_name }} {{ secure_link }}",
        "{% if organization.phone and custom.nickname != nil %}{{ organization.phone }}{% endif %}{{ secure_link }}",
        "{% if user.name contains 'Lee' %}a{% elsif custom.nickname == \"x\" %}b{% else %}c{% endif %}{{ secure_link }}",
        "{{ user.name | slice: 0, 3 | append: '…' | prepend: \"by \" | capitalize }}{{ secure_link }}",
    ] {
        check(NoticeKind::SmsBody, text).expect(text);
    }
    for name in ["contact.phone", "contact.email", "contact.last_name", "custom.birth_year"] {
        let text = format!("{{{{ secure_link }}}} {{{{ {name} }}}}");
        assert!(
            error(NoticeKind::EmailBody, &text).detail.contains("a notice travels unprotected"),
            "{name}"
        );
    }
}

#[test]
fn what_is_empty_is_found_where_it_stands_and_only_where_it_is_printed() {
    let empty = |text: &str, contact: ContactFields<'_>| {
        let fields = NoticeFields { contact, ..FIELDS };
        let rendered = render_notice(text, &fields).expect(text);
        (rendered.text, rendered.empty.map(|place| (place.line, place.column, place.detail)))
    };
    let values = CustomValues::empty(&custom());
    let nobody = ContactFields { custom: Some(&values), ..ContactFields::default() };
    let (text, place) = empty("Hi,\n  {{ contact.first_name | upcase }}!", nobody);
    assert_eq!(text, "Hi,\n  !");
    let (line, column, detail) = place.expect("a place");
    assert_eq!((line, column), (Some(2), Some(3)));
    assert!(detail.starts_with("contact.first_name is empty"), "{detail}");
    for text in [
        "{{ contact.first_name | default: 'there' }}",
        "{% if contact.first_name %}{{ contact.first_name }}{% endif %}!",
        "{% if user.name == 'nobody' %}{{ custom.nickname }}{% endif %}!",
        "{{ contact.first_name | append: '!' }}",
        "{{ ' ' }}!",
    ] {
        assert_eq!(empty(text, nobody).1, None, "{text}");
    }
    assert!(empty("{% if user.name %}{{ custom.nickname }}{% endif %}", nobody).1.is_some());
    assert_eq!(empty("{{ contact.first_name }}", SOMEBODY), ("Jordan".to_owned(), None));
}

#[test]
fn a_field_of_the_organization_that_is_empty_is_empty_for_everybody() {
    let text = "{{ secure_link }} {{ organization.phone }}";
    assert!(error(NoticeKind::SmsBody, text).detail.starts_with("organization.phone is empty"));
    let sender = SenderFields { organization_phone: Some("(555) 010-0100"), ..SENDER };
    check_notice(NoticeKind::SmsBody, text, &sender, &[]).expect(text);
}

#[test]
fn unknown_fields_are_found_in_every_branch_with_their_place() {
    for (text, line, column) in [
        ("{{ secure_link }} {{ contact.firstname }}", 1, 22),
        ("{{ secure_link }}\n\n{{ message.body }}", 3, 4),
        ("{{ secure_link }}{% if user.nam %}x{% endif %}", 1, 24),
        ("{{ secure_link }}{% if user.name == 'y' %}\n{{ nope }}{% endif %}", 2, 4),
        ("{{ secure_link }}{% if user.name %}{% else %}\nñ {{ nope }}{% endif %}", 2, 6),
        ("{{ secure_link }}{% if user.name %}{% elsif nope %}{% endif %}", 1, 45),
        ("{{ secure_link }}{{ user.name | append: nope }}", 1, 41),
        ("{{ secure_link }}{{ user }}", 1, 21),
        ("{{ secure_link }}{{ user.name.first }}", 1, 21),
        ("{{ secure_link }}{{\n\nnope }}", 3, 1),
        ("{{ secure_link }}{{ 'a\nb' | append: nope }}", 2, 14),
        ("{{ secure_link }}{{ custom.shoe_size }}", 1, 21),
    ] {
        let error = error(NoticeKind::EmailBody, text);
        let place = (error.line, error.column);
        assert_eq!(place, (Some(line), Some(column)), "{text}: {}", error.detail);
    }
    let near = error(NoticeKind::SmsBody, "{{ secure_link }} {{ user.nmae }}").detail;
    assert!(near.contains("did you mean user.name?"), "{near}");
}

#[test]
fn texts_without_bounds_are_refused_without_a_panic() {
    let nested = format!("{}{}{{{{ secure_link }}}}", "{% if true %}".repeat(9), "{% endif %}".repeat(9));
    let brackets = format!("{{{{ secure_link }}}}{{{{ user{} }}}}", "[user".repeat(300));
    for text in [&nested, &brackets, &"{{ secure_link }}".repeat(200), "{{ secure_link }}\u{fdd0}0\u{fdd0}"] {
        error(NoticeKind::EmailBody, text);
    }
}

/// Whatever these checks let through, the engine takes too: cut anywhere, or with a sign too many.
#[test]
fn the_engine_refuses_nothing_that_was_let_through() {
    let text = "Hi {{ contact.first_name | default: 'you' | slice: 0, 4 }}, {%- if user.name != \"x\" and \
                organization.name contains 'R' -%} a {% elsif custom.nickname %}\n{{- user.name -}} {% else %} \
                b {% endif %} {{ secure_link }} ñ €";
    let values = CustomValues::sample(&custom());
    let contact = ContactFields { custom: Some(&values), ..SOMEBODY };
    let fields = NoticeFields { contact, ..FIELDS };
    let mut broken: Vec<String> = Vec::new();
    for (at, letter) in text.char_indices() {
        broken.push(text[..at].to_owned());
        broken.push(format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]));
        let signs = ["{", "}", "%", "|", ":", ",", "'", "\"", " ", "-", ".", "[", "=", "if", "9", "\t", "("];
        broken.extend(signs.map(|sign| format!("{}{sign}{}", &text[..at], &text[at..])));
    }
    for text in broken {
        if check(NoticeKind::EmailBody, &text).is_ok() {
            render_notice(&text, &fields).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        } else if let Err(error) = check(NoticeKind::EmailBody, &text) {
            assert!(!error.detail.starts_with("This cannot be read"), "{text:?}");
        }
    }
}

#[test]
fn a_name_cannot_write_a_template() {
    let sender = SenderFields { user_name: "{{ secure_link }}{% if %}\u{fdd0}7", ..SENDER };
    let text = rendered("{{ user.name }}", &NoticeFields { sender, ..FIELDS });
    assert_eq!(text, "{{ secure_link }}{% if %}7");
}

#[test]
fn nothing_touches_the_link() {
    for (text, shown) in [
        ("{{ secure_link }}abc", "LINK abc"),
        ("Hello:{{ secure_link }}.", "Hello: LINK."),
        ("{{ secure_link }}{{ secure_link }}", "LINK LINK"),
        ("a.{{ secure_link }}.b", "a. LINK .b"),
        ("({{ secure_link }})", "(LINK)"),
        (
            "{{ user.name }}{{ secure_link }}{{ organization.name }}",
            "Dr. Amy Lee LINK Riverside Family Clinic",
        ),
    ] {
        let sender =
            SenderFields { organization_name: "Riverside Family Clinic", user_name: "Dr. Amy Lee", ..SENDER };
        let shown = shown.replace("LINK", SAMPLE_LINK);
        assert_eq!(rendered(text, &NoticeFields { sender, ..FIELDS }), shown, "{text}");
    }
}

#[test]
fn what_a_notice_can_show_makes_no_pin() {
    let error = check_pin("{{ contact.custom.nickname }}", &custom()).expect_err("it travels with the link");
    assert!(error.detail.contains("never travels with its link"), "{}", error.detail);
}

#[test]
fn a_pin_is_made_of_the_contacts_fields() {
    let values =
        CustomValues(vec![(custom().remove(1), Some("1984".to_owned())), (custom().remove(0), None)]);
    let contact = ContactFields {
        first_name: Some("Ana"),
        last_name: Some("Muñoz"),
        phone: Some("+15550100142"),
        external_id: Some("ehr-20481"),
        custom: Some(&values),
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
        ("{{ custom.birth_year }}", Some("1984")),
        ("{{ contact.custom.birth_year | append: contact.first_name }}", Some("1984Ana")),
    ] {
        check_pin(template, &custom()).expect(template);
        let rendered = render_pin(template, &contact).expect(template);
        assert_eq!(rendered.as_ref().map(Pin::as_str), pin, "{template}");
    }
}

#[test]
fn a_pin_template_without_a_field_of_the_contact_is_refused() {
    for text in ["", "4821", "{{ '4821' }}", "{{ user.name }}", "{{ secure_link }}", "{{ contact.pin }}"] {
        assert!(check_pin(text, &custom()).is_err(), "{text}");
    }
    assert!(check_pin("{{ custom.birth_year }}", &[]).is_err());
}

#[test]
fn a_template_names_a_field_by_either_name_and_no_other() {
    for (text, named) in [
        ("{{ custom.nickname }}", true),
        ("{{ contact.custom.nickname | upcase }}", true),
        ("{% if custom.nickname %}{% endif %}", true),
        ("{{ custom.nickname_2 }} custom.nickname", false),
        ("{{ contact.first_name | default: 'custom.nickname' }}", false),
    ] {
        assert_eq!(names_custom_field(text, "nickname"), named, "{text}");
    }
}
