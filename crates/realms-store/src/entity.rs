//! The tables as the code sees them: one module each, with the columns in their order, in files by what they are about.
//!
//! The truth is in `migrations/`. `setup_codes` and `sessions` have only hand-written statements; what
//! moves the column `users.epoch` has so too.

use sea_orm::{Iterable, RelationDef, RelationTrait};

/// Tables are joined in hand-written statements, so no entity declares a relation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoRelation {}

impl Iterable for NoRelation {
    type Iterator = std::iter::Empty<Self>;

    fn iter() -> Self::Iterator {
        std::iter::empty()
    }
}

impl RelationTrait for NoRelation {
    fn def(&self) -> RelationDef {
        match *self {}
    }
}

/// Declares entities. Each gets `COLUMNS` and `into_values`, the raw material of bulk inserts.
macro_rules! entities {
    ($(
        $(#[$doc:meta])*
        $module:ident = $table:literal {
            $($(#[$attribute:meta])* $field:ident: $kind:ty,)+
        }
    )+) => {
        $(
            $(#[$doc])*
            pub(crate) mod $module {
                use sea_orm::{Value, entity::prelude::*};

                use crate::{
                    found::Found,
                    sql::{ReadRow, Row},
                };

                #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
                #[sea_orm(table_name = $table)]
                pub(crate) struct Model {
                    $($(#[$attribute])* pub(crate) $field: $kind,)+
                }

                pub(crate) use crate::entity::NoRelation as Relation;

                impl ActiveModelBehavior for ActiveModel {}

                impl Row for Model {
                    const TABLE: &'static str = $table;
                    const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];

                    fn into_values(self, values: &mut Vec<Value>) {
                        $(values.push(self.$field.into());)+
                    }
                }

                impl ReadRow for Model {
                    fn read(found: &mut Found) -> Result<Self, DbErr> {
                        let mut place = 0..;
                        Ok(Self { $($field: found.next(&mut place)?,)+ })
                    }
                }
            }
        )+
    };
}

mod calls;
mod messages;
mod money;
mod people;
mod site;
mod upstreams;

pub(crate) use self::{calls::*, messages::*, money::*, people::*, site::*, upstreams::*};
