//! Parameters: plain values, operations, conditions.

use super::*;

#[test]
fn plain_values_are_merged_over_the_body() {
    let options = r#"{"params":{"overrides":{"temperature":0.20,"a.b":{"z":1,"y":[null]},"n":2}}}"#;
    check(&[
        (
            options,
            Chat,
            r#"{"temperature" : 1, "x":1.0}"#,
            r#"{"temperature" : 0.2, "x":1.0,"a.b":{"z":1,"y":[null]},"n":2}"#,
        ),
        (
            options,
            Chat,
            r#"{"n":{"deep":[1,2]}}"#,
            r#"{"n":2,"temperature":0.2,"a.b":{"z":1,"y":[null]}}"#,
        ),
        (options, Gemini, "{}", r#"{"temperature":0.2,"a.b":{"z":1,"y":[null]},"n":2}"#),
    ]);
}

#[test]
fn every_operation_does_what_it_is_called() {
    let body = r#"{"model":"m", "t":" Hello ", "l":[1, 2,3], "o":{"k":"v" ,"w":true}, "e":{}}"#;
    for (edit, before, after) in [
        (r#"{"mode":"delete","path":"t"}"#, r#" "t":" Hello ","#, ""),
        (r#"{"mode":"delete","path":"o.k"}"#, r#""k":"v" ,"#, ""),
        (r#"{"mode":"delete","path":"o.w"}"#, r#" ,"w":true"#, ""),
        (r#"{"mode":"delete","path":"l.1"}"#, ", 2", ""),
        (r#"{"mode":"delete","path":"l.*"}"#, "[1, 2,3]", "[]"),
        (r#"{"mode":"delete","path":"l.-1"}"#, ",3", ""),
        (r#"{"mode":"set","path":"o.k","value":[1,"a"]}"#, r#""v""#, r#"[1,"a"]"#),
        (
            r#"{"mode":"set","path":"o.n.d","value":null}"#,
            r#""w":true"#,
            r#""w":true,"n":{"d":null}"#,
        ),
        (r#"{"mode":"set","path":"e.x","value":1}"#, "{}", r#"{"x":1}"#),
        (r#"{"mode":"set","path":"l.-1","value":9}"#, "2,3", "2,9"),
        (
            r#"{"mode":"move","from":"o.k","to":"e.k"}"#,
            r#"{"k":"v" ,"w":true}, "e":{}"#,
            r#"{"w":true}, "e":{"k":"v"}"#,
        ),
        (r#"{"mode":"copy","from":"l","to":"e.l"}"#, r#""e":{}"#, r#""e":{"l":[1, 2,3]}"#),
        (r#"{"mode":"prepend","path":"t","value":"<"}"#, r#"" Hello ""#, r#""< Hello ""#),
        (r#"{"mode":"append","path":"t","value":">"}"#, r#"" Hello ""#, r#"" Hello >""#),
        (r#"{"mode":"prepend","path":"l","value":0}"#, "[1", "[0,1"),
        (r#"{"mode":"append","path":"l","value":{"a":1}}"#, "3]", r#"3,{"a":1}]"#),
        (r#"{"mode":"trim_prefix","path":"t","value":" He"}"#, r#"" Hello ""#, r#""llo ""#),
        (r#"{"mode":"trim_suffix","path":"t","value":"lo "}"#, r#"" Hello ""#, r#"" Hel""#),
        (r#"{"mode":"ensure_prefix","path":"t","value":" H"}"#, "", ""),
        (r#"{"mode":"ensure_prefix","path":"t","value":"x"}"#, r#"" Hello ""#, r#""x Hello ""#),
        (r#"{"mode":"ensure_suffix","path":"t","value":"!"}"#, r#"" Hello ""#, r#"" Hello !""#),
        (r#"{"mode":"trim_space","path":"t"}"#, r#"" Hello ""#, r#""Hello""#),
        (r#"{"mode":"to_lower","path":"t"}"#, r#"" Hello ""#, r#"" hello ""#),
        (r#"{"mode":"to_upper","path":"t"}"#, r#"" Hello ""#, r#"" HELLO ""#),
        (r#"{"mode":"replace","path":"t","from":"l","to":"L"}"#, r#"" Hello ""#, r#"" HeLLo ""#),
        (
            r#"{"mode":"regex_replace","path":"t","from":"(l+)","to":"<$1>"}"#,
            r#"" Hello ""#,
            r#"" He<ll>o ""#,
        ),
        // What is not there is left alone.
        (r#"{"mode":"delete","path":"no.such"}"#, "", ""),
        (r#"{"mode":"append","path":"no","value":"x"}"#, "", ""),
        (r#"{"mode":"move","from":"no","to":"t"}"#, "", ""),
        (r#"{"mode":"to_upper","path":"l"}"#, "", ""),
        (r#"{"mode":"set","path":"t.deeper","value":1}"#, "", ""),
        (r#"{"mode":"set","path":"l.7","value":1}"#, "", ""),
    ] {
        for dialect in ALL {
            let expected =
                if before.is_empty() { body.to_owned() } else { body.replacen(before, after, 1) };
            assert!(before.is_empty() || expected != body, "{edit}: the row is wrong");
            assert_eq!(shaped(&operation(edit), dialect, body), expected, "{edit}");
        }
    }
}

#[test]
fn names_with_dots_escapes_and_every_item_are_found() {
    check(&[
        (
            &operation(r#"{"mode":"delete","path":"a\\.b"}"#),
            Chat,
            r#"{"a.b":1,"a":{"b":2}}"#,
            r#"{"a":{"b":2}}"#,
        ),
        (
            &operation(r#"{"mode":"delete","path":"é"}"#),
            Chat,
            r#"{"\u00e9":1,"b":2}"#,
            r#"{"b":2}"#,
        ),
        (
            &operation(r#"{"mode":"to_upper","path":"messages.*.content"}"#),
            Chat,
            r#"{"messages":[{"content":"a"},{"content":[]},{"content":"b"}]}"#,
            r#"{"messages":[{"content":"A"},{"content":[]},{"content":"B"}]}"#,
        ),
        // Parsers differ on which of two counts: both go.
        (
            &operation(r#"{"mode":"delete","path":"o.k"}"#),
            Chat,
            r#"{"o":{"k":1,"z":0,"k":2}}"#,
            r#"{"o":{"z":0}}"#,
        ),
        (
            &operation(r#"{"mode":"delete","path":"o.*"}"#),
            Chat,
            r#"{"o":{ "k":1 , "z":"}\"]" }}"#,
            r#"{"o":{  }}"#,
        ),
    ]);
}

#[test]
fn an_operation_waits_for_its_conditions() {
    for (conditions, due) in [
        (r#"[{"path":"t","value":0.5}]"#, true),
        (r#"[{"path":"t","value":1}]"#, false),
        (r#"[{"path":"t","mode":"gt","value":0.4}]"#, true),
        (r#"[{"path":"t","mode":"gte","value":0.5}]"#, true),
        (r#"[{"path":"t","mode":"lt","value":0.5}]"#, false),
        (r#"[{"path":"t","mode":"lte","value":0.5}]"#, true),
        (r#"[{"path":"u","mode":"prefix","value":"ab"}]"#, true),
        (r#"[{"path":"u","mode":"suffix","value":"cd"}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"bc"}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"x"}]"#, false),
        (r#"[{"path":"l","mode":"contains","value":2}]"#, true),
        (r#"[{"path":"u","mode":"contains","value":"x","invert":true}]"#, true),
        (r#"[{"path":"no","value":1}]"#, false),
        (r#"[{"path":"no","value":1,"pass_missing_key":true}]"#, true),
        (r#"[{"path":"no","value":1,"invert":true}]"#, false),
        (r#"[{"path":"no","value":1},{"path":"t","value":0.5}]"#, true),
        (r#"[{"path":"no","value":1},{"path":"t","value":0.5}],"logic":"and""#, false),
        (
            r#"[{"path":"original_model","value":"asked"},{"path":"request_path","mode":"prefix","value":"/v1/"},{"path":"channel_kind","value":"openai"},{"path":"is_channel_test","value":false},{"path":"model","value":"m"},{"path":"upstream_model","value":"m"},{"path":"channel_id","mode":"prefix","value":"ch_"}],"logic":"and""#,
            true,
        ),
    ] {
        let edit = format!(r#"{{"mode":"delete","path":"gone","conditions":{conditions}}}"#);
        let body = r#"{"t":0.5,"u":"abcd","l":[1,2],"gone":1}"#;
        let expected = if due { r#"{"t":0.5,"u":"abcd","l":[1,2]}"# } else { body };
        assert_eq!(shaped(&operation(&edit), Chat, body), expected, "{conditions}");
    }
}
