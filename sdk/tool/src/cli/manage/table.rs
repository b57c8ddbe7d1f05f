//! Rows as aligned columns.

/// One line per row. Each column is as wide as its longest cell, except the last one.
pub(super) fn table(rows: &[Vec<String>]) -> String {
    let wide = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().enumerate().map(|(at, cell)| format!("{cell:<width$}", width = wide(at).unwrap_or(0)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [["é", "1.0.0", "on"], ["longer", "2", ""]].map(|row| row.map(String::from).to_vec());
        assert_eq!(table(&rows), "é       1.0.0  on\nlonger  2");
        assert_eq!(table(&[]), "");
    }
}
