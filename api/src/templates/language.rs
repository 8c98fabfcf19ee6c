//! The engine: which blocks and filters exist, and how it is run. Hides its types and its errors.

use std::sync::LazyLock;

use liquid_core::model::{Object, Value, ValueView};
use liquid_core::parser::{self, Language};
use liquid_core::runtime::{RuntimeBuilder, Template};
use liquid_core::{
    Display_filter, Expression, Filter, FilterParameters, FilterReflection, FromFilterParameters,
    ParseFilter, Renderable as _, Runtime,
};
use liquid_lib::stdlib;

use super::words::Words;
use super::{TEMPLATE_MAX, TemplateError};

/// No loops, no captures, no includes: the engine has no limits, so nothing that could need one.
static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    language.blocks.register("if".to_owned(), stdlib::IfBlock.into());
    let filters: [(&str, Box<dyn ParseFilter>); 8] = [
        ("append", stdlib::Append.into()),
        ("capitalize", stdlib::Capitalize.into()),
        ("default", stdlib::Default.into()),
        ("downcase", stdlib::Downcase.into()),
        ("prepend", stdlib::Prepend.into()),
        ("slice", Slice.into()),
        ("strip", stdlib::Strip.into()),
        ("upcase", stdlib::Upcase.into()),
    ];
    for (name, filter) in filters {
        language.filters.register(name.to_owned(), filter);
    }
    language
});

pub(super) fn render(text: &str, values: &Object) -> Result<String, TemplateError> {
    // Again at every run: the engine panics on what these two refuse, and a text may have been saved by
    // an older version.
    if text.chars().count() > TEMPLATE_MAX {
        return Err(TemplateError::new(format!("must have at most {TEMPLATE_MAX} characters")));
    }
    Words::of(text)?;
    let template = parser::parse(text, &LANGUAGE).map(Template::new).map_err(|error| sentence(&error))?;
    let runtime = RuntimeBuilder::new().set_globals(values).build();
    template.render(&runtime).map_err(|error| sentence(&error))
}

/// The engine's error without the values it quotes: they may be a patient's. Of a syntax error, the line.
fn sentence(error: &liquid_core::Error) -> TemplateError {
    let text = error.to_string();
    let line = text
        .split_once("--> ")
        .and_then(|(_, place)| place.split(':').next())
        .and_then(|line| line.trim().parse().ok());
    let detail = if text.contains("Unknown filter") {
        "uses an unknown filter; known are append, capitalize, default, downcase, prepend, slice, strip, upcase"
    } else if text.contains("Unclosed block") {
        "has an {% if %} without its {% endif %}"
    } else {
        "cannot be read; check its braces, filters and conditions"
    };
    TemplateError { detail: detail.to_owned(), line }
}

#[derive(Debug, FilterParameters)]
struct SliceArgs {
    #[parameter(description = "Where to start; negative counts from the end.", arg_type = "integer")]
    offset: Expression,
    #[parameter(description = "How many characters.", arg_type = "integer")]
    length: Option<Expression>,
}

/// The library's own counts bytes, so that it cuts `Muñoz` in the wrong place.
#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(name = "slice", description = "A part of a text.", parameters(SliceArgs), parsed(SliceFilter))]
struct Slice;

#[derive(Debug, FromFilterParameters, Display_filter)]
#[name = "slice"]
struct SliceFilter {
    #[parameters]
    args: SliceArgs,
}

impl Filter for SliceFilter {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> liquid_core::Result<Value> {
        let args = self.args.evaluate(runtime)?;
        let letters: Vec<char> = input.to_kstr().chars().collect();
        let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
        let start = if args.offset < 0 { args.offset.saturating_add(count) } else { args.offset };
        let length = args.length.unwrap_or(1);
        // Before the start there is nothing, as in Liquid: a phone number of three digits has no last four.
        let part = match (usize::try_from(start), usize::try_from(length)) {
            (Ok(start), Ok(length)) => letters.into_iter().skip(start).take(length).collect(),
            _ => String::new(),
        };
        Ok(Value::scalar(part))
    }
}
