//! Aggregates over the elements of a list.

use super::signature::{ANY, Signature, TL, TXT, many, sig};
use super::{Category, Entry, Shorthand, Target};

const ELEMENTS: &[Signature] = &[sig(&[TL], ANY)];

/// An aggregate over a list; its signature is the aggregate's.
const fn of_aggregate(
    names: &'static [&'static str],
    description: &'static str,
    example: (&'static str, &'static str),
) -> Entry {
    Entry {
        names,
        target: Target::Shorthand(Shorthand::ListAggregate),
        category: Category::List,
        signatures: ELEMENTS,
        description,
        example: example.0,
        answer: example.1,
    }
}

/// The section.
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        signatures: &[sig(&[TL, TXT], ANY), many(&[TL, TXT, ANY], ANY)],
        ..of_aggregate(
            &["list_aggregate", "list_aggr", "array_aggregate", "array_aggr"],
            "An aggregate over the elements, by its name.",
            ("list_aggregate([1, 2, 3, 4], 'quantile_cont', 0.25)", "1.75"),
        )
    },
    of_aggregate(&["list_sum"], "Sum of the elements.", ("list_sum([1, 2, null])", "3")),
    of_aggregate(&["list_avg"], "Mean of the elements.", ("list_avg([1, 2])", "1.5")),
    of_aggregate(&["list_min"], "Smallest element.", ("list_min([3, 1])", "1")),
    of_aggregate(&["list_max"], "Largest element.", ("list_max([3, 1])", "3")),
    of_aggregate(&["list_count"], "Number of elements that are not NULL.", ("list_count([1, null])", "1")),
    of_aggregate(&["list_first"], "First element.", ("list_first([3, 1])", "3")),
    of_aggregate(&["list_last"], "Last element.", ("list_last([3, 1])", "1")),
    of_aggregate(&["list_any_value"], "First element that is not NULL.", ("list_any_value([null, 1])", "1")),
    of_aggregate(&["list_median"], "Middle element, interpolated.", ("list_median([1, 2, 5])", "2.0")),
    of_aggregate(&["list_mode"], "Most frequent element.", ("list_mode([1, 2, 2])", "2")),
    of_aggregate(&["list_product"], "Product of the elements.", ("list_product([2, 3])", "6.0")),
    of_aggregate(
        &["list_stddev_samp"],
        "Standard deviation of the elements, as a sample.",
        ("list_stddev_samp([1, 2, 3])", "1.0"),
    ),
    of_aggregate(&["list_var_samp"], "Variance of the elements, as a sample.", ("list_var_samp([1, 2, 3])", "1.0")),
    of_aggregate(&["list_string_agg"], "The elements joined with commas.", ("list_string_agg(['a', 'b'])", "a,b")),
    of_aggregate(&["list_bool_and"], "Whether all elements are true.", ("list_bool_and([true, false])", "false")),
    of_aggregate(&["list_bool_or"], "Whether any element is true.", ("list_bool_or([true, false])", "true")),
    of_aggregate(
        &["list_stddev_pop"],
        "Standard deviation of the elements, as a population.",
        ("list_stddev_pop([1, 3])", "1.0"),
    ),
    of_aggregate(&["list_var_pop"], "Variance of the elements, as a population.", ("list_var_pop([1, 3])", "1.0")),
    of_aggregate(&["list_sem"], "Standard error of the elements' mean.", ("round(list_sem([1, 2, 3]), 4)", "0.4714")),
    of_aggregate(
        &["list_skewness"],
        "Skewness of the elements, as a sample.",
        ("round(list_skewness([1, 2, 9]), 4)", "1.6301"),
    ),
    of_aggregate(
        &["list_kurtosis"],
        "Excess kurtosis of the elements, as a sample.",
        ("round(list_kurtosis([1, 2, 3, 9]), 4)", "3.0144"),
    ),
    of_aggregate(
        &["list_kurtosis_pop"],
        "Excess kurtosis of the elements, as a population.",
        ("list_kurtosis_pop([1, 2])", "-2.0"),
    ),
    of_aggregate(&["list_mad"], "Median of the elements' distances to their median.", ("list_mad([1, 2, 9])", "1.0")),
    of_aggregate(
        &["list_entropy"],
        "Shannon entropy of how often each element occurs, in bits.",
        ("list_entropy(['a', 'b', 'c', 'd'])", "2.0"),
    ),
    of_aggregate(
        &["list_approx_count_distinct"],
        "Number of different elements.",
        ("list_approx_count_distinct([1, 1, 2])", "2"),
    ),
    of_aggregate(&["list_bit_and"], "Bits set in all elements.", ("list_bit_and([3, 6])", "2")),
    of_aggregate(&["list_bit_or"], "Bits set in any element.", ("list_bit_or([3, 6])", "7")),
    of_aggregate(&["list_bit_xor"], "Bits set in an odd number of elements.", ("list_bit_xor([3, 6])", "5")),
];
