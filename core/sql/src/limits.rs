//! How much SQL is accepted: bounds that keep a hostile or generated text from exhausting memory or the stack.

/// Bounds on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text in bytes.
    pub bytes: usize,
    /// Deepest nesting of parentheses, subqueries, CASEs.
    pub depth: usize,
    /// Most operators in one chain such as `a + b + c`; each makes the expression one level deeper.
    pub chain: usize,
    /// Most UNIONs, EXCEPTs, INTERSECTs and PIVOTs: each nests a query, which takes more stack than an operator.
    pub set_operations: usize,
    /// Most tables, table functions and queries that a text names: each may make the plan one step deeper.
    pub sources: usize,
    /// Most `$parameters`' list values and rows of `generate_series` written out as literals.
    pub literals: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 100_000, depth: 40, chain: 300, set_operations: 60, sources: 400, literals: 100_000 }
    }
}
