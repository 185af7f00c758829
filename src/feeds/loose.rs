//! Scalars of which a feed does not say the same thing twice: a score is `"7"`, `7`, `{"value":7.0,"displayValue":"7"}`,
//! `""` or `null`, depending on the page.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A string, a number, a truth value, or nothing. A list is nothing; an object is its `displayValue`, else its `value`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Loose<'a> {
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Number(f64),
    Flag(bool),
}

impl Loose<'_> {
    /// The text, trimmed; `None` where it is empty or no text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// A text or a whole number, as ids are.
    pub(super) fn id(&self) -> Option<String> {
        match self {
            Self::Number(number) if number.fract() == 0.0 => Some(format!("{number:.0}")),
            _ => self.text().map(str::to_owned),
        }
    }

    /// A finite number, or a text that is one.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => self.text()?.parse().ok(),
        }
        .filter(|number| number.is_finite())
    }

    /// A truth value, or its name.
    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => self.text()?.parse().ok(),
        }
    }

    /// A whole number from 0 up; `Ok(None)` where there is nothing.
    ///
    /// # Errors
    /// Gives back what is there, where it is anything else: `155/6`.
    pub(super) fn count(&self) -> Result<Option<u32>, String> {
        let unlike = || match self {
            Self::Absent => String::new(),
            Self::Text(text) => text.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
        };
        if matches!(self, Self::Absent) || matches!(self, Self::Text(text) if text.trim().is_empty()) {
            return Ok(None);
        }
        let number = self.number().filter(|number| number.fract() == 0.0).ok_or_else(unlike)?;
        if !(0.0..=f64::from(u32::MAX)).contains(&number) {
            return Err(unlike());
        }
        Ok(Some(number as u32))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Loose::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Loose::Number(number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Loose::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut shown = Loose::Absent;
        let mut value = Loose::Absent;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match key.as_ref() {
                "displayValue" => shown = map.next_value()?,
                "value" => value = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(if shown == Loose::Absent { value } else { shown })
    }
}

/// Reads a decoration; one of an unknown shape is none at all.
pub(super) fn decoration<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// Reads `null` as the default.
pub(super) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_score_is_read_from_every_shape_it_comes_in() {
        for json in [r#""7""#, "7", "7.0", r#"{"value":7.0,"displayValue":"7"}"#, r#"{"value":7.0}"#] {
            assert_eq!(read(json).count(), Ok(Some(7)), "{json}");
        }
    }

    #[test]
    fn nothing_is_never_zero() {
        for json in ["null", r#""""#, r#"" ""#, "[]", "{}", r#"{"value":null,"displayValue":null}"#] {
            assert_eq!(read(json).count(), Ok(None), "{json}");
        }
    }

    #[test]
    fn what_is_no_count_is_given_back() {
        for json in [r#""155/6""#, r#""-14""#, "7.5", "-1", "true", "1e300", r#""NaN""#] {
            assert!(read(json).count().is_err(), "{json}");
        }
    }

    #[test]
    fn truth_is_read_from_a_flag_or_its_name() {
        assert_eq!(read("true").flag(), Some(true));
        assert_eq!(read(r#""false""#).flag(), Some(false));
        assert_eq!(read("null").flag(), None);
    }

    #[test]
    fn an_id_may_be_a_number() {
        assert_eq!(read("401772900").id().as_deref(), Some("401772900"));
        assert_eq!(read(r#""504-2022""#).id().as_deref(), Some("504-2022"));
    }
}
