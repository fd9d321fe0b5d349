//! Answers as XML, from the same structs as JSON, by one convention: a scalar is an attribute, a struct
//! is an element, a list repeats its element, and the field `value` is an element's text.

use std::fmt::{self, Write as _};

use serde::{
    Serialize, Serializer,
    ser::{self, Impossible},
};

/// The field that is the text of its element.
const TEXT: &str = "value";
/// Structs whose scalars are elements too.
const OF_ELEMENTS: [&str; 2] = ["ArtistInfo", "AlbumInfo"];

/// An answer cannot be written as XML: a mistake in its struct.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Unwritable(String);

impl ser::Error for Unwritable {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self(words.to_string())
    }
}

/// A document with `root` as its element.
pub(super) fn document(root: &'static str, value: &impl Serialize) -> Result<String, Unwritable> {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let mut no_attributes = String::new();
    let part = Part { tag: &mut no_attributes, inside: &mut text, name: root, as_element: true };
    value.serialize(part)?;
    Ok(text)
}

/// One field of an element, or one item of a list.
struct Part<'o> {
    /// The element's attributes so far.
    tag: &'o mut String,
    /// What is inside of the element so far.
    inside: &'o mut String,
    name: &'static str,
    /// A scalar is an element too.
    as_element: bool,
}

impl Part<'_> {
    fn scalar(self, text: &str) {
        let Self { tag, inside, name, as_element } = self;
        if as_element {
            write!(inside, "<{name}>").ok();
            escape(inside, text);
            write!(inside, "</{name}>").ok();
        } else if name == TEXT {
            escape(inside, text);
        } else {
            write!(tag, " {name}=\"").ok();
            escape(tag, text);
            tag.push('"');
        }
    }
}

/// Appends text that means itself; characters that XML cannot hold are left out.
fn escape(to: &mut String, text: &str) {
    for char in text.chars() {
        match char {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            // Plain white space in attributes would become blanks.
            '\t' | '\n' | '\r' => drop(write!(to, "&#{};", char as u32)),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => to.push(other),
        }
    }
}

fn no_convention<T>(of: &str) -> Result<T, Unwritable> {
    Err(Unwritable(format!("{of} have no place in an answer")))
}

macro_rules! scalars {
    ($($method:ident: $of:ty),+) => {
        $(fn $method(self, value: $of) -> Result<(), Unwritable> {
            self.scalar(&value.to_string());
            Ok(())
        })+
    };
}

impl<'o> Serializer for Part<'o> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Items<'o>;
    type SerializeStruct = Element<'o>;
    type SerializeTuple = Impossible<(), Unwritable>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    scalars!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char
    );

    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        self.scalar(text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unwritable> {
        no_convention("bytes")
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Unwritable> {
        self.scalar(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unwritable> {
        no_convention("enums with values")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'o>, Unwritable> {
        Ok(Items { inside: self.inside, name: self.name })
    }

    fn serialize_struct(self, of: &'static str, _: usize) -> Result<Element<'o>, Unwritable> {
        let of_elements = OF_ELEMENTS.contains(&of);
        let (tag, inside) = (String::new(), String::new());
        Ok(Element { parent: self.inside, name: self.name, of_elements, tag, inside })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        no_convention("tuples")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        no_convention("tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        no_convention("enums with values")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unwritable> {
        no_convention("maps")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        no_convention("enums with values")
    }
}

/// A list: its element once for each item.
struct Items<'o> {
    inside: &'o mut String,
    name: &'static str,
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Unwritable> {
        let mut no_attributes = String::new();
        let (tag, inside) = (&mut no_attributes, &mut *self.inside);
        item.serialize(Part { tag, inside, name: self.name, as_element: true })
    }

    fn end(self) -> Result<(), Unwritable> {
        Ok(())
    }
}

/// An element that is being written.
struct Element<'o> {
    parent: &'o mut String,
    name: &'static str,
    of_elements: bool,
    tag: String,
    inside: String,
}

impl ser::SerializeStruct for Element<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        let (tag, inside) = (&mut self.tag, &mut self.inside);
        value.serialize(Part { tag, inside, name, as_element: self.of_elements })
    }

    fn end(self) -> Result<(), Unwritable> {
        let Self { parent, name, tag, inside, .. } = self;
        if inside.is_empty() {
            write!(parent, "<{name}{tag}/>").ok();
        } else {
            write!(parent, "<{name}{tag}>{inside}</{name}>").ok();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
