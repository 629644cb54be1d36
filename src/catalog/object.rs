//! What is an object's own, by kind.

use serde::{Deserialize, Serialize};

#[allow(clippy::wildcard_imports, reason = "every struct of a kind; tests may import so anyway")]
use super::*;

macro_rules! objects {
    ($($variant:ident),* $(,)?) => {
        /// What is an object's own.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[expect(missing_docs, reason = "each is the struct of its name")]
        pub enum Object {
            $($variant($variant),)*
        }

        impl Object {
            /// Reads what a query has given for an object of a kind.
            ///
            /// # Errors
            /// Fails where the text is not what the kind's struct says, which is a mistake in the query.
            pub fn parse(kind: Kind, json: &str) -> Result<Self, serde_json::Error> {
                match kind {
                    $(Kind::$variant => serde_json::from_str(json).map(Self::$variant),)*
                }
            }
        }
    };
}

objects! {
    Schema,
    Sequence,
    Enum,
    Composite,
    Domain,
    Range,
    BaseType,
    Collation,
    Table,
    ForeignTable,
    Column,
    Default,
    Constraint,
    View,
    MaterializedView,
    Rule,
    Language,
    Transform,
    Function,
    Procedure,
    Aggregate,
    Trigger,
    EventTrigger,
    ForeignDataWrapper,
    Server,
    UserMapping,
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    Operator,
    OperatorFamily,
    OperatorClass,
    Cast,
    Conversion,
    AccessMethod,
    Index,
    Inheritance,
    Statistics,
    Policy,
    DefaultPrivileges,
    Publication,
    PublicationTable,
    PublicationSchema,
    Subscription,
    Extension,
}
