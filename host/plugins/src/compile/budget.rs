//! A cheap check of a component before the compiler sees it. It validates the whole file, and enforces limits for the
//! compile time.
//!
//! Register allocation grows with locals × blocks of one function: 2 000 locals over 4 000 loops took a compiler 107 s
//! and 8.7 GB. Nested loops make it quadratic. The heaviest known honest guest is a JavaScript engine. It has 1 700
//! functions, one function of 54 KB, one with 53 000 locals × blocks, 420 000 locals × blocks in total, and 21 nested
//! loops. The limits here are a few times these numbers, so an accepted file compiles in a few seconds. Rust guests
//! stay below a tenth of the limits.

use crate::failure::LoadError;
use wasmparser::{FunctionBody, Operator, Parser, Payload, ValidPayload, Validator, WasmFeatures};

/// Limits of one component file.
#[derive(Clone, Debug)]
pub struct ComplexityBudget {
    pub file_bytes: usize,
    pub functions: usize,
    pub function_bytes: usize,
    /// The depth of nested loops in one function.
    pub loop_depth: usize,
    /// The product of locals and blocks of one function.
    pub function_weight: u64,
    /// The sum of these products over all functions.
    pub total_weight: u64,
    /// The number of nested core modules and components, including the component itself.
    pub parts: usize,
}

impl Default for ComplexityBudget {
    fn default() -> Self {
        ComplexityBudget {
            file_bytes: 16 << 20,
            functions: 20_000,
            function_bytes: 256 << 10,
            loop_depth: 48,
            function_weight: 200_000,
            total_weight: 1_500_000,
            parts: 64,
        }
    }
}

impl ComplexityBudget {
    /// Checks only the file's size, before anything reads it.
    pub fn check_size(&self, size: usize) -> Result<(), LoadError> {
        if size > self.file_bytes { Err(LoadError::TooLarge { size, most: self.file_bytes }) } else { Ok(()) }
    }

    /// Checks everything else. The time is linear in the size of the file.
    pub fn check(&self, wasm: &[u8]) -> Result<(), LoadError> {
        self.check_size(wasm.len())?;
        let mut validator = Validator::new_with_features(features());
        let mut allocations = Default::default();
        let (mut functions, mut parts, mut total) = (0usize, 0usize, 0u64);
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.map_err(invalid)?;
            if let Payload::Version { .. } = payload {
                parts += 1;
                if parts > self.parts {
                    return Err(too_complex(format!("more than {} nested modules and components", self.parts)));
                }
            }
            if let ValidPayload::Func(to_validate, body) = validator.payload(&payload).map_err(invalid)? {
                functions += 1;
                if functions > self.functions {
                    return Err(too_complex(format!("more than {} functions", self.functions)));
                }
                // A function is weighed before it is validated, so that a bomb is not processed twice.
                total = total.saturating_add(self.weigh(&body)?);
                if total > self.total_weight {
                    return Err(too_complex("too many locals and blocks in all".into()));
                }
                let mut function = to_validate.into_validator(allocations);
                function.validate(&body).map_err(invalid)?;
                allocations = function.into_allocations();
            }
        }
        Ok(())
    }

    fn weigh(&self, body: &FunctionBody<'_>) -> Result<u64, LoadError> {
        let range = body.range();
        let size = range.end - range.start;
        if size > self.function_bytes {
            return Err(too_complex(format!("a function of {size} bytes, more than {}", self.function_bytes)));
        }
        let mut locals = 0u64;
        for group in body.get_locals_reader().map_err(invalid)? {
            locals += u64::from(group.map_err(invalid)?.0);
        }
        let (mut blocks, mut depth) = (1u64, 0usize);
        // Tells for each enclosing block whether it is a loop.
        let mut around = Vec::new();
        let mut operators = body.get_operators_reader().map_err(invalid)?;
        while !operators.eof() {
            let operator = operators.read().map_err(invalid)?;
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    let is_loop = matches!(operator, Operator::Loop { .. });
                    around.push(is_loop);
                    depth += usize::from(is_loop);
                    if depth > self.loop_depth {
                        return Err(too_complex(format!("more than {} loops within each other", self.loop_depth)));
                    }
                    blocks += 1;
                }
                Operator::End => depth -= usize::from(around.pop().unwrap_or(false)),
                Operator::BrTable { .. } => blocks += 1,
                _ => {}
            }
        }
        let weight = locals.saturating_mul(blocks);
        if weight > self.function_weight {
            return Err(too_complex(format!("a function with {locals} locals over {blocks} blocks")));
        }
        Ok(weight)
    }
}

/// Exactly the features that the engine accepts: WebAssembly 2.0 and components without async.
fn features() -> WasmFeatures {
    WasmFeatures::WASM2 | WasmFeatures::EXTENDED_CONST | WasmFeatures::COMPONENT_MODEL
}

fn invalid(error: wasmparser::BinaryReaderError) -> LoadError {
    LoadError::Invalid(error.to_string())
}

fn too_complex(reason: String) -> LoadError {
    LoadError::TooComplex(reason)
}
