//! From text to trees. JSON is YAML, so there is one parser.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};
use serde::de::IgnoredAny;

use crate::manifest::node::{Content, Key, Node, Position, Scalar};

/// How many values aliases may stand for in a file, so that a small file does not become a large one.
const MAX_ALIASED: usize = 100_000;

/// How many values anchors may name, each counted with all that is in it: what an anchor names is kept a second time.
const MAX_ANCHORED: usize = 1_000_000;

/// What keeps a text from being read.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) at: Position,
    pub(super) message: String,
}

/// The documents of a text.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, SyntaxError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(&escaped(text)) {
        let (event, span) = event.map_err(|error| SyntaxError {
            at: Position { line: error.marker().line(), column: error.marker().col() + 1 },
            message: error.info(),
        })?;
        builder.event(event, position(&span))?;
    }
    Ok(builder.documents)
}

/// The text, in which JSON may have letters as they are that YAML has only as escapes: in JSON they stand in strings alone, where
/// an escape is the same.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_foreign = |c| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    let is_json = || serde_json::from_str::<IgnoredAny>(text.trim_start_matches('\u{feff}')).is_ok();
    if !text.contains(is_foreign) || !is_json() {
        return text.into();
    }
    let escape = |c: char| if is_foreign(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    text.chars().map(escape).collect::<String>().into()
}

fn position(span: &Span) -> Position {
    Position { line: span.start.line(), column: span.start.col() + 1 }
}

/// Builds trees from events, without recursion.
#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
    anchored: usize,
}

/// A list or a map that has begun.
struct Open {
    at: Position,
    anchor: usize,
    content: Content,
    /// The key whose value comes next.
    key: Option<Key>,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, at: Position) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && !is_text(tag.as_deref(), at)?;
                let scalar = Scalar { text: text.into_owned(), plain, has_variable: false };
                self.value(Node { at, content: Content::Scalar(scalar) }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(Content::List(Vec::new()), anchor, tag.as_deref(), at),
            Event::MappingStart(_, anchor, tag) => self.begin(Content::Map(Vec::new()), anchor, tag.as_deref(), at),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { at, anchor, content, .. }) => self.value(Node { at, content }, anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => self.alias(anchor, at),
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, content: Content, anchor: usize, tag: Option<&Tag>, at: Position) -> Result<(), SyntaxError> {
        is_text(tag, at)?;
        self.open.push(Open { at, anchor, content, key: None });
        Ok(())
    }

    fn alias(&mut self, anchor: usize, at: Position) -> Result<(), SyntaxError> {
        let Some(node) = self.anchors.get(&anchor) else {
            let message = "the alias stands for something that it is a part of".to_owned();
            return Err(SyntaxError { at, message });
        };
        self.aliased += node.size();
        if self.aliased > MAX_ALIASED {
            let message = format!("aliases stand for more than {MAX_ALIASED} values");
            return Err(SyntaxError { at, message });
        }
        let node = Node { at, ..node.clone() };
        self.value(node, 0)
    }

    /// Puts a value, which is complete, into what is open around it.
    fn value(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            self.anchored += node.size();
            if self.anchored > MAX_ANCHORED {
                let message = format!("anchors name more than {MAX_ANCHORED} values");
                return Err(SyntaxError { at: node.at, message });
            }
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match (&mut open.content, open.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(fields), Some(key)) => fields.push((key, node)),
            (Content::Map(_), None) => match node.content {
                Content::Scalar(scalar) => open.key = Some(Key { at: node.at, text: scalar.text }),
                _ => return Err(SyntaxError { at: node.at, message: "a name must be text".to_owned() }),
            },
            (Content::Scalar(_) | Content::Wrong, _) => {}
        }
        Ok(())
    }
}

/// Whether a tag says that a value is text. No other tag means anything here.
fn is_text(tag: Option<&Tag>, at: Position) -> Result<bool, SyntaxError> {
    match tag {
        None => Ok(false),
        Some(tag) if tag.is_yaml_core_schema_tag("str") => Ok(true),
        Some(_) => Err(SyntaxError { at, message: "tags other than `!!str` have no meaning in a manifest".to_owned() }),
    }
}
