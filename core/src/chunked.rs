//! A list in shared chunks: a clone costs what has changed since, not what exists.

use std::rc::Rc;

const BITS: u32 = 10;
/// Items in a full chunk.
const CHUNK: usize = 1 << BITS;

/// A growing list whose full chunks are shared between clones and copied when one is written to.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    full: Vec<Rc<Vec<T>>>,
    tail: Vec<T>,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self {
            full: Vec::new(),
            tail: Vec::new(),
        }
    }
}

impl<T: Clone> Chunked<T> {
    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.full.len() * CHUNK + self.tail.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.full.is_empty() && self.tail.is_empty()
    }

    /// How many things a clone copies: the chunks, and the items of the last one.
    pub(crate) const fn weight(&self) -> usize {
        self.full.len() + self.tail.len()
    }

    /// Adds `item` at the end.
    pub fn push(&mut self, item: T) {
        self.tail.push(item);
        if self.tail.len() == CHUNK {
            let tail = std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK));
            self.full.push(Rc::new(tail));
        }
    }

    /// The item at `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&T> {
        match self.full.get(index >> BITS) {
            Some(chunk) => chunk.get(index & (CHUNK - 1)),
            None => self.tail.get(index.checked_sub(self.full.len() * CHUNK)?),
        }
    }

    /// The item at `index`, to be changed; copies its chunk if a clone shares it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let before_tail = self.full.len() * CHUNK;
        match self.full.get_mut(index >> BITS) {
            Some(chunk) => Rc::make_mut(chunk).get_mut(index & (CHUNK - 1)),
            None => self.tail.get_mut(index.checked_sub(before_tail)?),
        }
    }

    /// Makes the list at least `len` long, with `fill` where nothing was.
    pub fn grow_to(&mut self, len: usize, fill: &T) {
        while self.len() < len {
            self.push(fill.clone());
        }
    }

    /// Forgets everything from `len` on.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.full.len() * CHUNK {
            self.tail.truncate(len - self.full.len() * CHUNK);
            return;
        }
        let kept = len >> BITS;
        self.tail = self
            .full
            .get(kept)
            .map(|chunk| chunk.iter().take(len & (CHUNK - 1)).cloned().collect())
            .unwrap_or_default();
        self.full.truncate(kept);
    }

    /// The items from `index` on, in order.
    pub fn iter_from(&self, index: usize) -> impl Iterator<Item = &T> {
        let first = index >> BITS;
        let within = index & (CHUNK - 1);
        let chunks = self
            .full
            .iter()
            .map(|chunk| chunk.as_slice())
            .chain(std::iter::once(self.tail.as_slice()));
        chunks.skip(first).enumerate().flat_map(move |(n, chunk)| {
            let from = if n == 0 { within } else { 0 };
            chunk.get(from..).unwrap_or_default().iter()
        })
    }

    /// All items, in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// How many of the leading items fulfil `is_before`, given that those that do come first.
    pub fn partition_point(&self, mut is_before: impl FnMut(&T) -> bool) -> usize {
        let whole = self
            .full
            .partition_point(|chunk| chunk.last().is_some_and(&mut is_before));
        let part = self.full.get(whole).map_or(&self.tail, |chunk| &**chunk);
        whole * CHUNK + part.partition_point(is_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(len: usize) -> Chunked<usize> {
        let mut list = Chunked::default();
        (0..len).for_each(|n| list.push(n));
        list
    }

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut list = counted(5_000);
        let before = list.clone();
        *list.get_mut(17).unwrap() = 0;
        *list.get_mut(4_999).unwrap() = 0;
        list.push(1);
        assert_eq!(before.len(), 5_000);
        assert_eq!(before.get(17), Some(&17));
        assert_eq!(before.get(4_999), Some(&4_999));
        assert_eq!(
            (list.get(17), list.get(4_999), list.len()),
            (Some(&0), Some(&0), 5_001)
        );
    }

    #[test]
    fn reading_from_the_middle_cutting_and_searching_agree_with_a_plain_list() {
        for len in [0, 1, 1_023, 1_024, 1_025, 3_000] {
            let list = counted(len);
            for from in [0, 1, 1_023, 1_024, 2_999, 5_000] {
                assert!(list.iter_from(from).copied().eq(from..len.max(from)));
                assert_eq!(list.partition_point(|n| *n < from), from.min(len));
                let mut cut = list.clone();
                cut.truncate(from);
                assert!(cut.iter().copied().eq(0..from.min(len)));
            }
        }
    }
}
