//! What is wrong with a source: the first few in words, all of them counted.

/// So many are told in words.
const TOLD: usize = 20;

/// Problems of one table.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    told: Vec<String>,
    more: usize,
}

impl Problems {
    pub(super) fn tell(&mut self, problem: String) {
        if self.told.len() < TOLD {
            self.told.push(problem);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// One a line.
    pub(crate) fn words(&self) -> String {
        let more = if self.more > 0 { format!("\n  and {} more", self.more) } else { String::new() };
        format!("{}{more}", self.told.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n"))
    }
}
