//! The rules of a config, compiled: those of `[matrix]`, and those of groups.

use std::sync::Arc;
use std::time::Duration;

use super::pattern::{CellPattern, LONGEST};
use super::rules::PatternRules;
use super::shape::TableShape;
use crate::config::diagnose::Complaint;
use crate::config::schema::{MatrixGroup, MatrixSection};
use crate::principal::user::{GroupName, UserStanding};

/// The rules for all users.
#[derive(Clone, Debug)]
pub struct MatrixPolicy {
    base: Arc<PatternRules>,
    groups: Vec<(GroupName, Arc<PatternRules>)>,
    shapes: Vec<TableShape>,
    initial_lifetime: Duration,
}

impl MatrixPolicy {
    /// Compiles `[matrix]`. Rules that fewer than one of a hundred patterns meet are refused: patterns are drawn to see.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn compile(section: &MatrixSection) -> Result<Self, Vec<Complaint>> {
        let mut complaints = Vec::new();
        let base = compiled(section, "matrix", &mut complaints);
        let mut groups = Vec::new();
        for (place, group) in section.group.iter().enumerate() {
            let path = format!("matrix.group[{place}]");
            match GroupName::parse(&group.group) {
                Ok(name) if groups.iter().any(|(earlier, _)| *earlier == name) => complaints
                    .push(Complaint::new(format!("{path}.group"), "this group has rules already").help("write them once")),
                Ok(name) => groups.push((name, Arc::new(compiled(&of_group(section, group), &path, &mut complaints)))),
                Err(error) => complaints.push(Complaint::new(format!("{path}.group"), error.to_string())),
            }
        }
        if section.initial_lifetime.0.is_zero() {
            complaints
                .push(Complaint::new("matrix.initial_lifetime", "an initial pattern could never be used").help("write \"14d\""));
        }
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let mut shapes = vec![base.shape];
        for (_, rules) in &groups {
            if !shapes.contains(&rules.shape) {
                shapes.push(rules.shape);
            }
        }
        Ok(Self { base: Arc::new(base), groups, shapes, initial_lifetime: section.initial_lifetime.0 })
    }

    /// The rules of `[matrix]`.
    pub(super) const fn base(&self) -> &Arc<PatternRules> {
        &self.base
    }

    /// The rules for a user: of the first group that has some, else those of `[matrix]`.
    pub(super) fn of(&self, user: &UserStanding) -> Arc<PatternRules> {
        let group = self.groups.iter().find(|(group, _)| user.is_in(group));
        Arc::clone(group.map_or(&self.base, |(_, rules)| rules))
    }

    pub(super) fn only_shape(&self) -> Option<TableShape> {
        if let [only] = self.shapes.as_slice() { Some(*only) } else { None }
    }

    /// A size for a name that nobody has.
    pub(super) fn shape_of_nobody(&self, drawn: u8) -> TableShape {
        self.shapes.get(usize::from(drawn) % self.shapes.len().max(1)).copied().unwrap_or_default()
    }

    pub(super) const fn initial_lifetime(&self) -> Duration {
        self.initial_lifetime
    }
}

/// `[matrix]` as it is for the members of a group.
fn of_group(section: &MatrixSection, group: &MatrixGroup) -> MatrixSection {
    MatrixSection {
        blocks: group.blocks.unwrap_or(section.blocks),
        rows: group.rows.unwrap_or(section.rows),
        columns: group.columns.unwrap_or(section.columns),
        shortest: group.shortest.unwrap_or(section.shortest),
        longest: group.longest.unwrap_or(section.longest),
        distinct_cells: group.distinct_cells.unwrap_or(section.distinct_cells),
        forbid_one_stroke: group.forbid_one_stroke.unwrap_or(section.forbid_one_stroke),
        every_block: group.every_block.unwrap_or(section.every_block),
        forbidden: group.forbidden.clone().unwrap_or_else(|| section.forbidden.clone()),
        phrase_shortest: group.phrase_shortest.unwrap_or(section.phrase_shortest),
        phrase_longest: group.phrase_longest.unwrap_or(section.phrase_longest),
        initial_lifetime: section.initial_lifetime,
        group: Vec::new(),
    }
}

fn compiled(section: &MatrixSection, path: &str, complaints: &mut Vec<Complaint>) -> PatternRules {
    let before = complaints.len();
    let mut say = |key: &str, message: String, help: &str| {
        complaints.push(Complaint::new(format!("{path}.{key}"), message).help(help.to_owned()));
    };
    let shape = TableShape::new(section.blocks, section.rows, section.columns).unwrap_or_else(|error| {
        say(
            "blocks",
            format!("{} blocks of {}×{} cells are no table", section.blocks, section.rows, section.columns),
            &error.to_string(),
        );
        TableShape::default()
    });
    if section.shortest == 0 || section.shortest > section.longest {
        say(
            "shortest",
            format!("no pattern has {} to {} cells", section.shortest, section.longest),
            "write 1 or more, and at most `longest`",
        );
    }
    if section.phrase_shortest > section.phrase_longest {
        let message = format!("no phrase has {} to {} characters", section.phrase_shortest, section.phrase_longest);
        say("phrase_shortest", message, "write at most `phrase_longest`");
    }
    if section.longest.saturating_add(section.phrase_longest) > LONGEST {
        say("longest", format!("cells and phrase together may be {LONGEST} at most"), "lower `longest` or `phrase_longest`");
    }
    if section.distinct_cells > section.longest {
        say("distinct_cells", "no pattern reads so many cells".to_owned(), "write at most `longest`");
    }
    let mut forbidden = Vec::new();
    for (place, text) in section.forbidden.iter().enumerate() {
        let key = format!("forbidden[{place}]");
        match CellPattern::parse(shape, text) {
            Ok(pattern) if pattern.phrase().is_empty() && pattern.cells().next().is_some() => {
                forbidden.push(pattern.cells().collect())
            }
            Ok(_) => {
                say(&key, "a forbidden pattern is an order of cells, without a phrase".to_owned(), "as in \"A1 E1 I1 A2 E2 I2\"")
            }
            Err(error) => say(&key, error.to_string(), "as in \"A1 E1 I1 A2 E2 I2\""),
        }
    }
    let rules = PatternRules {
        shape,
        shortest: section.shortest,
        longest: section.longest,
        distinct: section.distinct_cells,
        no_one_stroke: section.forbid_one_stroke,
        every_block: section.every_block,
        phrase_shortest: section.phrase_shortest,
        phrase_longest: section.phrase_longest,
        forbidden,
    };
    if complaints.len() == before && !rules.are_met() {
        let help = "allow longer patterns, larger tables or fewer restrictions";
        let message = "hardly any pattern meets these rules, fewer than one in a hundred: none can be drawn";
        complaints.push(Complaint::new(path, message).help(help));
    }
    rules
}
