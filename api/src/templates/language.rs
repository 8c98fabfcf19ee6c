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

use super::words::{Output, Words};
use super::{TEMPLATE_MAX, TemplateError};

/// Put behind everything that is printed, to see what printed nothing. Templates cannot name it.
const MARK: &str = "sealpost-mark";
/// Around the number of an output that printed nothing. No text holds this: it is a noncharacter, and is
/// taken out of what goes in.
pub(super) const NOTHING: char = '\u{fdd0}';

/// No loops, no captures, no includes: the engine has no limits, so nothing that could need one.
static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language::empty();
    language.blocks.register("if".to_owned(), stdlib::IfBlock.into());
    let filters: [(&str, Box<dyn ParseFilter>); 9] = [
        ("append", stdlib::Append.into()),
        ("capitalize", stdlib::Capitalize.into()),
        ("default", stdlib::Default.into()),
        ("downcase", stdlib::Downcase.into()),
        ("prepend", stdlib::Prepend.into()),
        ("slice", Slice.into()),
        ("strip", stdlib::Strip.into()),
        ("upcase", stdlib::Upcase.into()),
        (MARK, Mark.into()),
    ];
    for (name, filter) in filters {
        language.filters.register(name.to_owned(), filter);
    }
    language
});

/// What came out, and the places that printed nothing.
pub(super) struct Rendered {
    pub text: String,
    pub empty: Vec<Output>,
}

pub(super) fn render(text: &str, values: &Object) -> Result<Rendered, TemplateError> {
    // Again at every run: the engine panics on some of what these refuse, and a text may have been saved by
    // an older version.
    if text.chars().count() > TEMPLATE_MAX {
        return Err(TemplateError::new(format!("Use at most {TEMPLATE_MAX} characters")));
    }
    let outputs = Words::of(text)?.outputs;
    let template = parser::parse(&marked(text, &outputs), &LANGUAGE)
        .map(Template::new)
        .map_err(|error| sentence(&error))?;
    let runtime = RuntimeBuilder::new().set_globals(values).build();
    let rendered = template.render(&runtime).map_err(|error| sentence(&error))?;
    let (text, numbers) = without_marks(&rendered);
    let empty = outputs.into_iter().enumerate().filter(|(number, _)| numbers.contains(number));
    Ok(Rendered { text, empty: empty.map(|(_, output)| output).collect() })
}

fn marked(text: &str, outputs: &[Output]) -> String {
    let mut marked = String::with_capacity(text.len() + outputs.len() * (MARK.len() + 8));
    let mut from = 0;
    for (number, output) in outputs.iter().enumerate() {
        marked += &text[from..output.end];
        marked += &format!(" | {MARK}: {number} ");
        from = output.end;
    }
    marked + &text[from..]
}

fn without_marks(rendered: &str) -> (String, Vec<usize>) {
    let parts = || rendered.split(NOTHING).enumerate();
    let text = parts().filter(|(place, _)| place % 2 == 0).map(|(_, part)| part).collect();
    let numbers = parts().filter(|(place, _)| place % 2 == 1).filter_map(|(_, part)| part.parse().ok());
    (text, numbers.collect())
}

/// The engine's error without the values it quotes: they may be a patient's. Where it tells, the place; the
/// marks stand behind everything that could be wrong in a line, and move columns only after the first.
fn sentence(error: &liquid_core::Error) -> TemplateError {
    let text = error.to_string();
    let line = text
        .split_once("--> ")
        .and_then(|(_, place)| place.split(':').next())
        .and_then(|line| line.trim().parse().ok());
    let detail = "This cannot be read; check its braces, filters and conditions".to_owned();
    TemplateError { detail, line, column: None }
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

#[derive(Debug, FilterParameters)]
struct MarkArgs {
    #[parameter(description = "The output's number.", arg_type = "integer")]
    number: Expression,
}

#[derive(Clone, ParseFilter, FilterReflection)]
#[filter(name = "mark", description = "Marks nothing.", parameters(MarkArgs), parsed(MarkFilter))]
struct Mark;

#[derive(Debug, FromFilterParameters, Display_filter)]
#[name = "mark"]
struct MarkFilter {
    #[parameters]
    args: MarkArgs,
}

impl Filter for MarkFilter {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> liquid_core::Result<Value> {
        let text = input.to_kstr();
        if !text.trim().is_empty() {
            return Ok(input.to_value());
        }
        let number = self.args.evaluate(runtime)?.number;
        Ok(Value::scalar(format!("{NOTHING}{number}{NOTHING}{text}")))
    }
}
