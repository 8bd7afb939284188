//! A plotters backend that writes elements down instead of painting.
//!
//! plotters knows colours, the page knows classes: a colour here is a number of a series and a role, never seen by anyone.

use std::convert::Infallible;

use almanac_model::view::SvgElement;
use plotters::style::RGBColor;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

/// What a mark is, beside its series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A bar, a dot, a line.
    Mark,
    /// The fill under a line.
    Area,
}

/// The colour that stands for a series in a role.
pub(crate) fn colour(series: usize, role: Role) -> RGBColor {
    RGBColor(1, series.min(crate::MAX_SERIES - 1) as u8, u8::from(role == Role::Area))
}

fn class_of(colour: BackendColor) -> String {
    let (_, series, role) = colour.rgb;
    let class = crate::class(usize::from(series));
    if role == 1 { format!("{class} area") } else { class }
}

/// An element; attributes are sorted, so that equal drawings are equal.
pub(crate) fn element(name: &str, mut attributes: Vec<(&str, String)>, text: Option<String>) -> SvgElement {
    attributes.sort_by(|a, b| a.0.cmp(b.0));
    SvgElement {
        name: name.to_owned(),
        attributes: attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        text,
    }
}

/// Collects what plotters draws.
pub(crate) struct Canvas<'a> {
    pub(crate) elements: &'a mut Vec<SvgElement>,
    pub(crate) size: (u32, u32),
}

type Done = Result<(), DrawingErrorKind<Infallible>>;

fn joined(path: impl IntoIterator<Item = BackendCoord>) -> String {
    path.into_iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Done {
        Ok(())
    }

    fn present(&mut self) -> Done {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Done {
        self.elements.push(element(
            "rect",
            vec![
                ("class", class_of(color)),
                ("x", x.to_string()),
                ("y", y.to_string()),
                ("width", "1".into()),
                ("height", "1".into()),
            ],
            None,
        ));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _fill: bool) -> Done {
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        self.elements.push(element(
            "rect",
            vec![
                ("class", class_of(style.color())),
                ("x", x.to_string()),
                ("y", y.to_string()),
                ("width", width.to_string()),
                ("height", height.to_string()),
            ],
            None,
        ));
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.elements.push(element(
            "polyline",
            vec![("class", class_of(style.color())), ("points", joined(path))],
            None,
        ));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, _fill: bool) -> Done {
        self.elements.push(element(
            "circle",
            vec![
                ("class", class_of(style.color())),
                ("cx", center.0.to_string()),
                ("cy", center.1.to_string()),
                ("r", radius.to_string()),
            ],
            None,
        ));
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Done {
        self.elements.push(element(
            "polygon",
            vec![("class", class_of(style.color())), ("points", joined(path))],
            None,
        ));
        Ok(())
    }
}
