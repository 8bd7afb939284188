//! The control of an input.

use crate::browser::target_value;
use almanac_model::view::{Control as View, InputView};
use leptos::prelude::*;

/// A label and a control. Values that are chosen are final; dragged and typed ones are settling.
#[component]
pub(crate) fn Control(
    /// The input as the notebook declares it.
    input: InputView,
    /// The worker's view of it: the choices of a query.
    seen: Signal<Option<InputView>>,
    /// Its value.
    value: Signal<String>,
    /// Takes a value; true while it is settling.
    change: Callback<(String, bool)>,
    /// Makes the control's id unique: the same input can stand in the bar and in the text.
    place: &'static str,
) -> AnyView {
    let id = format!("input-{place}-{}", input.name);
    let label = input.label.clone();
    let number = |bound: Option<f64>| bound.map(|bound| bound.to_string());
    let typed = move |event: web_sys::Event| change.run((target_value(&event), true));
    let chosen = move |event: web_sys::Event| change.run((target_value(&event), false));
    let control = match input.control {
        View::Select { options: listed } => {
            let options = Memo::new(move |_| {
                let mut options = match seen.get().map(|view| view.control) {
                    Some(View::Select { options }) => options,
                    _ => listed.clone(),
                };
                let value = value.get();
                if !options.contains(&value) {
                    options.insert(0, value);
                }
                options
            });
            let choices = move || {
                options.get().into_iter().map(|option| {
                    let own = option.clone();
                    view! { <option value=option.clone() prop:selected=move || value.get() == own>{option.clone()}</option> }
                }).collect_view()
            };
            view! { <select id=id.clone() on:change=chosen>{choices}</select> }.into_any()
        }
        View::Number { min, max, step } => view! {
            <input id=id.clone() type="number" min=number(min) max=number(max) step=step.map_or_else(|| "any".to_owned(), |step| step.to_string()) prop:value=move || value.get() on:input=typed />
        }
        .into_any(),
        View::Slider { min, max, step } => view! {
            <input id=id.clone() type="range" min=min.to_string() max=max.to_string() step=step.to_string() prop:value=move || value.get() on:input=typed />
            <output for=id.clone()>{move || value.get()}</output>
        }
        .into_any(),
        View::Text => view! { <input id=id.clone() type="text" prop:value=move || value.get() on:input=typed /> }.into_any(),
        View::Date => view! { <input id=id.clone() type="date" prop:value=move || value.get() on:change=chosen /> }.into_any(),
        View::Toggle => view! { <input id=id.clone() type="checkbox" class="toggle" prop:checked=move || value.get() == "true" on:change=chosen /> }.into_any(),
    };
    view! { <div class="control"><label for=id>{label}</label>{control}</div> }.into_any()
}
