//! The list that is walked, and what others do to it meanwhile.

use std::collections::HashSet;
use std::fmt::Write;

use fastrand::Rng;
use uuid::Uuid;

/// The most rows that a list grows to.
const MAX_ROWS: usize = 600;

/// What the rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Created,
    NewestFirst,
    Name,
    Changed,
    LastChangedFirst,
}

impl Order {
    pub const ALL: [Self; 5] = [Self::Created, Self::NewestFirst, Self::Name, Self::Changed, Self::LastChangedFirst];

    /// Whether a change of a row moves it.
    pub fn moves(self) -> bool {
        !matches!(self, Self::Created | Self::NewestFirst)
    }

    /// Where a row stands that was just created, or just changed in a way that moves it. Names are random.
    fn place(self, rows: usize, rng: &mut Rng) -> usize {
        match self {
            Self::Created | Self::Changed => rows,
            Self::NewestFirst | Self::LastChangedFirst => 0,
            Self::Name => rng.usize(0..=rows),
        }
    }
}

/// What others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Create,
    Delete,
    /// A row is renamed, or changed otherwise, which moves it in some orders.
    Touch,
    /// One goes and another comes, so that the total tells nothing.
    Replace,
    DeleteMany,
    /// Some of the rows that the walk gave last are deleted, as a clean-up does.
    DeleteGiven,
    DeleteAll,
}

/// The rows in their order, by their ids.
#[derive(Debug)]
pub struct List {
    pub rows: Vec<Uuid>,
    pub order: Order,
    /// How many changes there were.
    pub changes: u64,
    ever: HashSet<Uuid>,
    /// The rows that a change has moved.
    moved: HashSet<Uuid>,
}

impl List {
    pub fn new(order: Order, rows: usize, rng: &mut Rng) -> Self {
        let mut list = Self { rows: Vec::new(), order, changes: 0, ever: HashSet::new(), moved: HashSet::new() };
        for at in 0..rows {
            list.create(at, rng);
        }
        list
    }

    /// Whether there is or was such a row.
    pub fn ever_had(&self, id: Uuid) -> bool {
        self.ever.contains(&id)
    }

    pub fn has_moved(&self, id: Uuid) -> bool {
        self.moved.contains(&id)
    }

    fn create(&mut self, at: usize, rng: &mut Rng) {
        let id = Uuid::from_u128(rng.u128(..));
        self.ever.insert(id);
        self.rows.insert(at, id);
    }

    /// Changes the list, and notes how. Returns the row that has moved. `given` are the rows that the walk has given, the
    /// last one at the end.
    pub fn change(&mut self, change: Change, given: &[Uuid], rng: &mut Rng, note: &mut String) -> Option<Uuid> {
        let rows = self.rows.len();
        let change = if change == Change::Create && rows >= MAX_ROWS { Change::DeleteMany } else { change };
        if rows == 0 && change != Change::Create {
            return None;
        }
        let mut moved = None;
        // Notes go to memory, which takes them.
        let _ = match change {
            Change::Create => {
                let at = self.order.place(rows, rng);
                self.create(at, rng);
                write!(note, " +{at}")
            }
            Change::Delete => {
                let at = rng.usize(0..rows);
                self.rows.remove(at);
                write!(note, " -{at}")
            }
            Change::Touch => {
                let at = rng.usize(0..rows);
                moved = self.touch(at, rng, note);
                Ok(())
            }
            Change::Replace => {
                let at = rng.usize(0..rows);
                self.rows.remove(at);
                let place = self.order.place(rows - 1, rng);
                self.create(place, rng);
                write!(note, " -{at}+{place}")
            }
            Change::DeleteMany => {
                let at = rng.usize(0..rows);
                let count = rng.usize(1..=(rows - at).min(250));
                self.rows.drain(at..at + count);
                write!(note, " -{at}..{}", at + count)
            }
            Change::DeleteGiven => {
                let last = &given[given.len().saturating_sub(rng.usize(1..120))..];
                self.rows.retain(|id| !last.contains(id));
                if self.rows.len() == rows {
                    return None;
                }
                write!(note, " -given{}", rows - self.rows.len())
            }
            Change::DeleteAll => {
                self.rows.clear();
                write!(note, " -all")
            }
        };
        self.changes += 1;
        moved
    }

    /// The walk begins: what has moved before is of no interest to it.
    pub fn forget_moves(&mut self) {
        self.moved.clear();
    }

    pub fn has_moves(&self) -> bool {
        !self.moved.is_empty()
    }

    fn touch(&mut self, at: usize, rng: &mut Rng, note: &mut String) -> Option<Uuid> {
        if !self.order.moves() {
            let _ = write!(note, " ~{at}");
            return None;
        }
        let id = self.rows.remove(at);
        let place = self.order.place(self.rows.len(), rng);
        self.rows.insert(place, id);
        let _ = write!(note, " ~{at}>{place}");
        (place != at).then(|| {
            self.moved.insert(id);
            id
        })
    }
}
