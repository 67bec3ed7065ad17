//! Lists by what is numbered, so that the number of a member is not taken for one of a partition.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A number that has a place in a [`Table`].
pub(super) trait Place: Copy {
    fn at(place: usize) -> Self;
    fn place(self) -> usize;
    /// The same as a key of a [`super::java_hash::HashOrder`].
    fn number(self) -> u32;
    fn numbered(number: u32) -> Self;
}

macro_rules! place {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) struct $name(u32);

        impl Place for $name {
            fn at(place: usize) -> Self {
                Self(u32::try_from(place).unwrap_or(u32::MAX))
            }

            fn place(self) -> usize {
                self.0 as usize
            }

            fn number(self) -> u32 {
                self.0
            }

            fn numbered(number: u32) -> Self {
                Self(number)
            }
        }
    };
}

place! {
    /// A member: its place in the list the assignor was given.
    Member
}
place! {
    /// A subscribed topic that has partitions, in the order of the topics.
    Topic
}
place! {
    /// A partition of these topics, in the order of topics and partitions.
    Slot
}

/// An entry for each of the `K` of a group.
#[derive(Clone)]
pub(super) struct Table<K, T> {
    entries: Vec<T>,
    key: PhantomData<K>,
}

impl<K: Place, T> Table<K, T> {
    pub(super) const fn new(entries: Vec<T>) -> Self {
        Self {
            entries,
            key: PhantomData,
        }
    }

    pub(super) fn filled(entry: T, count: usize) -> Self
    where
        T: Clone,
    {
        Self::new(vec![entry; count])
    }

    pub(super) const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Everything that has an entry, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = K> + Clone + use<K, T> {
        (0..self.entries.len()).map(K::at)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (K, &T)> {
        self.keys().zip(&self.entries)
    }

    pub(super) fn values(&self) -> &[T] {
        &self.entries
    }

    pub(super) fn into_values(self) -> Vec<T> {
        self.entries
    }
}

impl<K: Place, T> Index<K> for Table<K, T> {
    type Output = T;

    fn index(&self, key: K) -> &T {
        self.entries
            .get(key.place())
            .expect("a table has an entry for everything that is numbered")
    }
}

impl<K: Place, T> IndexMut<K> for Table<K, T> {
    fn index_mut(&mut self, key: K) -> &mut T {
        self.entries
            .get_mut(key.place())
            .expect("a table has an entry for everything that is numbered")
    }
}
