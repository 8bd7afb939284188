//! What can be computed of lists and structs.

use super::Aggregate;

/// Functions of lists and structs. A NULL list gives NULL unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nested {
    /// `[a, b]`; NULLs are elements.
    List,
    /// `{'a': x}`: the names are those of the type; NULLs are fields.
    Struct,
    /// The field at that place of a struct.
    Field(u32),
    /// Element at a place, from 1, from the end when negative; NULL when there is none.
    Element,
    /// From one place to another, both inside; with a step.
    Slice,
    /// Number of elements.
    Length,
    /// Whether a value is among the elements.
    Contains,
    /// Where a value first is, from 1; NULL for nowhere. A NULL is found, too.
    Position,
    /// Whether one of the second list is in the first.
    HasAny,
    /// Whether all of the second list are in the first.
    HasAll,
    /// In order, NULLs last; `'DESC'` and `'NULLS FIRST'` as texts.
    Sort,
    /// In reverse order, NULLs last.
    ReverseSort,
    /// Each element once, NULLs left out.
    Distinct,
    /// Number of different elements, NULLs left out.
    Unique,
    /// Backwards.
    Reverse,
    /// One after the other; a NULL list is an empty one.
    Concat,
    /// With an element at the end.
    Append,
    /// With an element at the start.
    Prepend,
    /// The elements at these places.
    Select,
    /// The elements where the second list is true.
    Where,
    /// Cut or filled up to a length.
    Resize,
    /// Elements of the first that are in the second, each once.
    Intersect,
    /// Elements joined to a text, NULLs left out.
    Join,
    /// `range(from, to, step)`, the end outside.
    Range,
    /// `generate_series(from, to, step)`, the end inside.
    Series,
    /// A text in parts between separators.
    Split,
    /// A text in parts between matches of a regular expression.
    SplitPattern,
    /// All matches of a regular expression, or of a group of it.
    ExtractAll,
    /// Sum of products, element by element.
    DotProduct,
    /// Euclidean distance.
    Distance,
    /// Cosine of the angle between two vectors.
    Cosine,
    /// The first elements of the lists as a struct, the second ones, …; as many as the longest has, or with `true` the shortest.
    Zip(bool),
    /// Lists inside of a list, one after the other; a NULL is left out.
    Flatten,
    /// A lambda's answer for each element: a list, and the lambda's body, which reads the element and its place by these
    /// numbers: this one and the next.
    Transform(u32),
    /// The elements for which a lambda's answer is true.
    Filter(u32),
    /// A lambda over what it answered last (this number), the next element and its place: a list, the body, and perhaps what
    /// to begin with.
    Reduce(u32),
    /// An aggregate over the elements.
    Aggregate(Aggregate),
}
