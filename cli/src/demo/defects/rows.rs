//! Changing rows of a table that is about to be written.

use crate::demo::random::Random;
use crate::extract::Extract;
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Date32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{ArrayRef, PrimitiveArray, StringArray, UInt32Array};
use arrow_select::take::take;
use std::sync::Arc;

/// The rows of a table, or of one of its months.
pub(super) struct Rows<'a, 'e> {
    extract: &'a mut Extract<'e>,
}

impl<'a, 'e> Rows<'a, 'e> {
    /// Those of an extract.
    pub(super) fn of(extract: &'a mut Extract<'e>) -> Self {
        Self { extract }
    }

    /// How many there are.
    pub(super) fn count(&mut self) -> usize {
        self.extract.all_values().first().map_or(0, |values| values.len())
    }

    fn column(&mut self, name: &str) -> Result<&mut ArrayRef, String> {
        let table = self.extract.name();
        self.extract.values(name).ok_or_else(|| format!("table `{table}` has no column `{name}` to spoil"))
    }

    fn primitive<T: ArrowPrimitiveType>(&mut self, name: &str) -> Result<Vec<Option<T::Native>>, String> {
        Ok(self.column(name)?.as_primitive::<T>().iter().collect())
    }

    fn put<T: ArrowPrimitiveType>(
        &mut self,
        name: &str,
        rows: &[usize],
        mut change: impl FnMut(usize, Option<T::Native>) -> Option<T::Native>,
    ) -> Result<(), String>
    where
        PrimitiveArray<T>: FromIterator<Option<T::Native>>,
    {
        let mut values = self.primitive::<T>(name)?;
        for row in rows {
            values[*row] = change(*row, values[*row]);
        }
        *self.column(name)? = Arc::new(values.into_iter().collect::<PrimitiveArray<T>>());
        Ok(())
    }

    /// Days of a column.
    pub(super) fn days(&mut self, name: &str) -> Result<Vec<Option<i32>>, String> {
        self.primitive::<Date32Type>(name)
    }

    /// Whole numbers of a column of 32 bits.
    pub(super) fn ints(&mut self, name: &str) -> Result<Vec<Option<i32>>, String> {
        self.primitive::<Int32Type>(name)
    }

    /// Whole numbers of a column of 64 bits.
    pub(super) fn bigints(&mut self, name: &str) -> Result<Vec<Option<i64>>, String> {
        self.primitive::<Int64Type>(name)
    }

    /// Numbers of a column.
    pub(super) fn doubles(&mut self, name: &str) -> Result<Vec<Option<f64>>, String> {
        self.primitive::<Float64Type>(name)
    }

    /// True or false of a column.
    pub(super) fn flags(&mut self, name: &str) -> Result<Vec<bool>, String> {
        Ok(self.column(name)?.as_boolean().iter().map(Option::unwrap_or_default).collect())
    }

    /// Texts of a column.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<Option<String>>, String> {
        Ok(self.column(name)?.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// The rows where a column holds that text.
    pub(super) fn equal(&mut self, name: &str, text: &str) -> Result<Vec<bool>, String> {
        Ok(self.texts(name)?.iter().map(|value| value.as_deref() == Some(text)).collect())
    }

    /// Changes days.
    pub(super) fn change_days(
        &mut self,
        name: &str,
        rows: &[usize],
        change: impl FnMut(usize, Option<i32>) -> Option<i32>,
    ) -> Result<(), String> {
        self.put::<Date32Type>(name, rows, change)
    }

    /// Changes whole numbers of 32 bits.
    pub(super) fn change_ints(
        &mut self,
        name: &str,
        rows: &[usize],
        change: impl FnMut(usize, Option<i32>) -> Option<i32>,
    ) -> Result<(), String> {
        self.put::<Int32Type>(name, rows, change)
    }

    /// Changes whole numbers of 64 bits.
    pub(super) fn change_bigints(
        &mut self,
        name: &str,
        rows: &[usize],
        change: impl FnMut(usize, Option<i64>) -> Option<i64>,
    ) -> Result<(), String> {
        self.put::<Int64Type>(name, rows, change)
    }

    /// Changes numbers.
    pub(super) fn change_doubles(
        &mut self,
        name: &str,
        rows: &[usize],
        change: impl FnMut(usize, Option<f64>) -> Option<f64>,
    ) -> Result<(), String> {
        self.put::<Float64Type>(name, rows, change)
    }

    /// Changes texts.
    pub(super) fn change_texts(
        &mut self,
        name: &str,
        rows: &[usize],
        mut change: impl FnMut(usize) -> String,
    ) -> Result<(), String> {
        let mut values = self.texts(name)?;
        for row in rows {
            values[*row] = Some(change(*row));
        }
        *self.column(name)? = Arc::new(values.into_iter().collect::<StringArray>());
        Ok(())
    }

    /// Keeps the rows of these numbers, in that order; a number that comes twice is a row that comes twice.
    pub(super) fn keep(&mut self, rows: impl IntoIterator<Item = usize>) -> Result<(), String> {
        let rows: UInt32Array = rows.into_iter().map(|row| u32::try_from(row).ok()).collect();
        for values in self.extract.all_values() {
            *values = take(values, &rows, None).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Drops the rows that are marked.
    pub(super) fn drop(&mut self, marked: &[bool]) -> Result<(), String> {
        self.keep(marked.iter().enumerate().filter(|(_, marked)| !**marked).map(|(row, _)| row))
    }
}

/// That many of the marked rows, by chance, in order.
pub(super) fn some(random: &mut Random, marked: &[bool], count: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = marked.iter().enumerate().filter(|(_, marked)| **marked).map(|(row, _)| row).collect();
    while rows.len() > count {
        let at = random.below(u32::try_from(rows.len()).unwrap_or(u32::MAX)) as usize;
        rows.swap_remove(at);
    }
    rows.sort_unstable();
    rows
}
