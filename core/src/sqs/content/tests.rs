use super::super::{Body, BodyError, SendRequest, Service};
use super::{
    AttributeError, AttributeSelection, Decimal, LogicalType, MessageAttribute, MessageAttributes,
    digested,
};
use super::{AttributeValue, check_system_attributes};
use crate::sqs::{ErrorCode, QueueAttributes, SendError, bytes};
use crate::time::SimTime;

#[derive(Clone, Debug, Default)]
struct Letter {
    text: String,
    attributes: Vec<MessageAttribute>,
    system: Vec<MessageAttribute>,
}

impl Body for Letter {
    fn text(&self) -> Option<&str> {
        Some(&self.text)
    }

    fn attributes(&self) -> &[MessageAttribute] {
        &self.attributes
    }

    fn system_attributes(&self) -> &[MessageAttribute] {
        &self.system
    }
}

fn send(size: usize, body: Letter) -> Result<(), SendError> {
    let mut service = Service::new();
    let queue = service.add_queue(QueueAttributes {
        maximum_message_size: size,
        ..QueueAttributes::default()
    });
    let request = SendRequest::new(body);
    let sent = service.send(SimTime::ZERO, queue, request, &mut Vec::new());
    sent.map(|_| ())
}

fn letter(text: &str, attributes: Vec<MessageAttribute>) -> Letter {
    Letter {
        text: text.to_owned(),
        attributes,
        system: Vec::new(),
    }
}

#[test]
fn the_size_is_body_and_names_types_and_values() {
    let one = || vec![MessageAttribute::string("k", "x")];
    assert_eq!(bytes(&letter("", one())), 1 + 6 + 1);
    assert_eq!(send(1_024, letter(&"x".repeat(1_016), one())), Ok(()));
    assert_eq!(
        send(1_024, letter(&"x".repeat(1_017), one())),
        Err(SendError::Body(BodyError::TooLong {
            bytes: 1_025,
            maximum: 1_024
        }))
    );
    // UTF-8 counts, not characters.
    assert_eq!(bytes(&letter("\u{e4}", vec![])), 2);
}

#[test]
fn system_attributes_do_not_count() {
    let mut body = letter(&"x".repeat(1_024), vec![]);
    body.system = vec![MessageAttribute::string(
        "AWSTraceHeader",
        "Root=1-5759e988",
    )];
    assert_eq!(send(1_024, body), Ok(()));
}

#[test]
fn the_trace_header_is_the_only_system_attribute() {
    let refused = |attribute| check_system_attributes(&[attribute]).unwrap_err();
    assert_eq!(
        refused(MessageAttribute::string("Other", "x")),
        AttributeError::NoSystemAttribute
    );
    assert_eq!(
        refused(MessageAttribute::number("AWSTraceHeader", "1")),
        AttributeError::NoSystemAttribute
    );
    assert_eq!(
        refused(MessageAttribute::string("AWSTraceHeader", "")),
        AttributeError::NoValue
    );
}

#[test]
fn ten_attributes_are_taken_and_eleven_are_not() {
    let many = |count: usize| {
        (0..count)
            .map(|n| MessageAttribute::string(format!("k{n}"), "x"))
            .collect()
    };
    assert_eq!(send(1_024, letter("m", many(10))), Ok(()));
    let refused = send(1_024, letter("m", many(11))).unwrap_err();
    assert_eq!(
        refused,
        SendError::Body(BodyError::Attribute(AttributeError::TooMany(11)))
    );
    assert_eq!(refused.code(), ErrorCode::InvalidParameterValue);
}

#[test]
fn names_of_attributes() {
    let check = |name: &str| MessageAttribute::string(name, "v").check();
    for name in [
        "a.b-c_9",
        "awsome",
        "Amazonia",
        "a..b",
        "AWS",
        &"n".repeat(256),
    ] {
        assert_eq!(check(name), Ok(()), "{name}");
    }
    assert_eq!(check(""), Err(AttributeError::NameLength(0)));
    assert_eq!(
        check(&"n".repeat(257)),
        Err(AttributeError::NameLength(257))
    );
    assert_eq!(check("x!"), Err(AttributeError::NameCharacter('!')));
    assert_eq!(
        check("\u{e4}"),
        Err(AttributeError::NameCharacter('\u{e4}'))
    );
    for name in [".x", "x."] {
        assert_eq!(check(name), Err(AttributeError::NameDot), "{name}");
    }
    for name in ["AWS.x", "aws.x", "Amazon.x", "aMAZON.x"] {
        assert_eq!(check(name), Err(AttributeError::NameReserved), "{name}");
    }
}

#[test]
fn types_of_attributes() {
    assert_eq!(LogicalType::of("String"), Some(LogicalType::String));
    assert_eq!(LogicalType::of("String.Array"), Some(LogicalType::String));
    assert_eq!(LogicalType::of("Number.byte"), Some(LogicalType::Number));
    assert_eq!(LogicalType::of("Binary.gif"), Some(LogicalType::Binary));
    for none in ["", "string", "Strings", "String.", "Boolean", "Number.a b"] {
        assert_eq!(LogicalType::of(none), None, "{none}");
    }
    let of = |data_type: &str, value: AttributeValue| {
        MessageAttribute {
            name: "k".to_owned(),
            data_type: data_type.to_owned(),
            value,
        }
        .check()
    };
    let (text, some) = (AttributeValue::Text("1".to_owned()), vec![0]);
    assert_eq!(of("Binary", AttributeValue::Bytes(some.clone())), Ok(()));
    assert_eq!(of("Binary", text), Err(AttributeError::ValueKind));
    assert_eq!(
        of("String", AttributeValue::Bytes(some)),
        Err(AttributeError::ValueKind)
    );
    assert_eq!(
        of("Binary", AttributeValue::Bytes(vec![])),
        Err(AttributeError::NoValue)
    );
}

#[test]
fn values_of_attributes() {
    let text = |value: &str| MessageAttribute::string("k", value).check();
    assert_eq!(text("a\tb"), Ok(()));
    assert_eq!(text(""), Err(AttributeError::NoValue));
    assert_eq!(text("\u{1}"), Err(AttributeError::ValueCharacter('\u{1}')));
    let number = |value: &str| MessageAttribute::number("k", value).check();
    for taken in ["0", "-1.5", "+7", "1e126", "1e-128", ".5", "5.", "00100.00"] {
        assert_eq!(number(taken), Ok(()), "{taken}");
    }
    let digits = "1".repeat(39);
    for none in [
        "one", "1 ", "-", ".", "1e", "1.1e126", "2e126", "1e-129", &digits, "0x1",
    ] {
        assert_eq!(number(none), Err(AttributeError::NoNumber), "{none}");
    }
}

#[test]
fn numbers_in_steps() {
    let steps = |text: &str| text.parse::<Decimal>().unwrap().in_steps(5);
    assert_eq!(steps("301.5"), Some(30_150_000));
    assert_eq!(steps("3.015e2"), Some(30_150_000));
    assert_eq!(steps("-0.00001"), Some(-1));
    assert_eq!(steps("0.000019"), Some(1));
    assert_eq!(steps("-0.0"), Some(0));
    assert_eq!(steps("1e-99999999999"), Some(0));
    assert_eq!(steps("1e99999999999"), None);
    assert_eq!(steps("0e99999999999"), Some(0));
    assert_eq!(steps("1000000000"), Some(100_000_000_000_000));
    assert_eq!(steps(&"9".repeat(60)), None);
}

#[test]
fn a_receive_gives_the_attributes_that_it_names() {
    let all: MessageAttributes = ["tenant", "order.size", "order.id", "orders"]
        .into_iter()
        .map(|name| MessageAttribute::string(name, "v"))
        .collect();
    let given = |names: &[&str]| {
        let selection = AttributeSelection::new(names.iter().copied());
        selection
            .of(all.as_slice())
            .map(|attribute| attribute.name.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(given(&[]), Vec::<&str>::new());
    assert_eq!(given(&["tenant"]), ["tenant"]);
    assert_eq!(given(&["Tenant", "order"]), Vec::<&str>::new());
    assert_eq!(given(&["order.*"]), ["order.id", "order.size", "orders"]);
    assert_eq!(given(&["tenant", "order.id"]), ["order.id", "tenant"]);
    for name in ["All", ".*", "*"] {
        assert_eq!(given(&[name]).len(), 4, "{name}");
    }
}

#[test]
fn the_digest_is_of_lengths_and_parts_in_the_order_of_names() {
    let attributes = [
        MessageAttribute {
            name: "b".to_owned(),
            data_type: "Binary".to_owned(),
            value: AttributeValue::Bytes(vec![7]),
        },
        MessageAttribute::number("a", "12"),
    ];
    let a: &[u8] = b"\0\0\0\x01a\0\0\0\x06Number\x01\0\0\0\x0212";
    let b: &[u8] = b"\0\0\0\x01b\0\0\0\x06Binary\x02\0\0\0\x01\x07";
    assert_eq!(digested(&attributes), [a, b].concat());
}
