//! Which kind of object a statement, or the object that it names, is about.

use squawk_syntax::SyntaxKind;

use crate::sql::ast::ObjectKind;

/// The kind of object of a `create`, `alter` or `drop`, or of what `comment on` names.
pub(super) fn object_kind(kind: SyntaxKind) -> Option<ObjectKind> {
    use SyntaxKind as K;
    Some(match kind {
        K::CREATE_ACCESS_METHOD | K::DROP_ACCESS_METHOD | K::OBJECT_ACCESS_METHOD => ObjectKind::AccessMethod,
        K::CREATE_AGGREGATE | K::ALTER_AGGREGATE | K::DROP_AGGREGATE | K::OBJECT_AGGREGATE => ObjectKind::Aggregate,
        K::CREATE_CAST | K::DROP_CAST | K::OBJECT_CAST => ObjectKind::Cast,
        K::CREATE_COLLATION | K::ALTER_COLLATION | K::DROP_COLLATION | K::OBJECT_COLLATION => ObjectKind::Collation,
        K::ALTER_COLUMN | K::DROP_COLUMN | K::OBJECT_COLUMN => ObjectKind::Column,
        K::ALTER_CONSTRAINT | K::DROP_CONSTRAINT | K::OBJECT_CONSTRAINT => ObjectKind::Constraint,
        K::CREATE_CONVERSION | K::ALTER_CONVERSION | K::DROP_CONVERSION | K::OBJECT_CONVERSION => {
            ObjectKind::Conversion
        }
        K::CREATE_DATABASE | K::ALTER_DATABASE | K::DROP_DATABASE | K::OBJECT_DATABASE => ObjectKind::Database,
        K::CREATE_DOMAIN | K::ALTER_DOMAIN | K::DROP_DOMAIN | K::OBJECT_DOMAIN => ObjectKind::Domain,
        K::CREATE_EVENT_TRIGGER | K::ALTER_EVENT_TRIGGER | K::DROP_EVENT_TRIGGER | K::OBJECT_EVENT_TRIGGER => {
            ObjectKind::EventTrigger
        }
        K::CREATE_EXTENSION | K::ALTER_EXTENSION | K::DROP_EXTENSION | K::OBJECT_EXTENSION => ObjectKind::Extension,
        K::CREATE_FOREIGN_DATA_WRAPPER
        | K::ALTER_FOREIGN_DATA_WRAPPER
        | K::DROP_FOREIGN_DATA_WRAPPER
        | K::OBJECT_FOREIGN_DATA_WRAPPER => ObjectKind::ForeignDataWrapper,
        K::CREATE_FOREIGN_TABLE | K::ALTER_FOREIGN_TABLE | K::DROP_FOREIGN_TABLE | K::OBJECT_FOREIGN_TABLE => {
            ObjectKind::ForeignTable
        }
        K::CREATE_FUNCTION | K::ALTER_FUNCTION | K::DROP_FUNCTION | K::OBJECT_FUNCTION => ObjectKind::Function,
        K::CREATE_INDEX | K::ALTER_INDEX | K::DROP_INDEX | K::OBJECT_INDEX => ObjectKind::Index,
        K::CREATE_LANGUAGE | K::ALTER_LANGUAGE | K::DROP_LANGUAGE | K::OBJECT_LANGUAGE => ObjectKind::Language,
        K::ALTER_LARGE_OBJECT | K::OBJECT_LARGE_OBJECT => ObjectKind::LargeObject,
        K::CREATE_MATERIALIZED_VIEW
        | K::ALTER_MATERIALIZED_VIEW
        | K::DROP_MATERIALIZED_VIEW
        | K::OBJECT_MATERIALIZED_VIEW => ObjectKind::MaterializedView,
        K::CREATE_OPERATOR | K::ALTER_OPERATOR | K::DROP_OPERATOR | K::OBJECT_OPERATOR => ObjectKind::Operator,
        K::CREATE_OPERATOR_CLASS | K::ALTER_OPERATOR_CLASS | K::DROP_OPERATOR_CLASS | K::OBJECT_OPERATOR_CLASS => {
            ObjectKind::OperatorClass
        }
        K::CREATE_OPERATOR_FAMILY | K::ALTER_OPERATOR_FAMILY | K::DROP_OPERATOR_FAMILY | K::OBJECT_OPERATOR_FAMILY => {
            ObjectKind::OperatorFamily
        }
        K::CREATE_POLICY | K::ALTER_POLICY | K::DROP_POLICY | K::OBJECT_POLICY => ObjectKind::Policy,
        K::CREATE_PROCEDURE | K::ALTER_PROCEDURE | K::DROP_PROCEDURE | K::OBJECT_PROCEDURE => ObjectKind::Procedure,
        K::CREATE_PROPERTY_GRAPH | K::ALTER_PROPERTY_GRAPH | K::DROP_PROPERTY_GRAPH | K::OBJECT_PROPERTY_GRAPH => {
            ObjectKind::PropertyGraph
        }
        K::CREATE_PUBLICATION | K::ALTER_PUBLICATION | K::DROP_PUBLICATION | K::OBJECT_PUBLICATION => {
            ObjectKind::Publication
        }
        K::CREATE_ROLE
        | K::CREATE_USER
        | K::CREATE_GROUP
        | K::ALTER_ROLE
        | K::ALTER_USER
        | K::ALTER_GROUP
        | K::DROP_ROLE
        | K::DROP_USER
        | K::DROP_GROUP
        | K::OBJECT_ROLE => ObjectKind::Role,
        K::ALTER_ROUTINE | K::DROP_ROUTINE | K::OBJECT_ROUTINE => ObjectKind::Routine,
        K::CREATE_RULE | K::ALTER_RULE | K::DROP_RULE | K::OBJECT_RULE => ObjectKind::Rule,
        K::CREATE_SCHEMA | K::ALTER_SCHEMA | K::DROP_SCHEMA | K::OBJECT_SCHEMA => ObjectKind::Schema,
        K::CREATE_SEQUENCE | K::ALTER_SEQUENCE | K::DROP_SEQUENCE | K::OBJECT_SEQUENCE => ObjectKind::Sequence,
        K::CREATE_SERVER | K::ALTER_SERVER | K::DROP_SERVER | K::OBJECT_SERVER => ObjectKind::Server,
        K::CREATE_STATISTICS | K::ALTER_STATISTICS | K::DROP_STATISTICS | K::OBJECT_STATISTICS => {
            ObjectKind::Statistics
        }
        K::CREATE_SUBSCRIPTION | K::ALTER_SUBSCRIPTION | K::DROP_SUBSCRIPTION | K::OBJECT_SUBSCRIPTION => {
            ObjectKind::Subscription
        }
        K::CREATE_TABLE | K::ALTER_TABLE | K::DROP_TABLE | K::OBJECT_TABLE => ObjectKind::Table,
        K::CREATE_TABLESPACE | K::ALTER_TABLESPACE | K::DROP_TABLESPACE | K::OBJECT_TABLESPACE => {
            ObjectKind::Tablespace
        }
        K::CREATE_TEXT_SEARCH_CONFIGURATION
        | K::ALTER_TEXT_SEARCH_CONFIGURATION
        | K::DROP_TEXT_SEARCH_CONFIG
        | K::OBJECT_TEXT_SEARCH_CONFIG => ObjectKind::TextSearchConfiguration,
        K::CREATE_TEXT_SEARCH_DICTIONARY
        | K::ALTER_TEXT_SEARCH_DICTIONARY
        | K::DROP_TEXT_SEARCH_DICT
        | K::OBJECT_TEXT_SEARCH_DICT => ObjectKind::TextSearchDictionary,
        K::CREATE_TEXT_SEARCH_PARSER
        | K::ALTER_TEXT_SEARCH_PARSER
        | K::DROP_TEXT_SEARCH_PARSER
        | K::OBJECT_TEXT_SEARCH_PARSER => ObjectKind::TextSearchParser,
        K::CREATE_TEXT_SEARCH_TEMPLATE
        | K::ALTER_TEXT_SEARCH_TEMPLATE
        | K::DROP_TEXT_SEARCH_TEMPLATE
        | K::OBJECT_TEXT_SEARCH_TEMPLATE => ObjectKind::TextSearchTemplate,
        K::CREATE_TRANSFORM | K::DROP_TRANSFORM | K::OBJECT_TRANSFORM => ObjectKind::Transform,
        K::CREATE_TRIGGER | K::ALTER_TRIGGER | K::DROP_TRIGGER | K::OBJECT_TRIGGER => ObjectKind::Trigger,
        K::CREATE_TYPE | K::ALTER_TYPE | K::DROP_TYPE | K::OBJECT_TYPE => ObjectKind::Type,
        K::CREATE_USER_MAPPING | K::ALTER_USER_MAPPING | K::DROP_USER_MAPPING => ObjectKind::UserMapping,
        K::CREATE_VIEW | K::ALTER_VIEW | K::DROP_VIEW | K::OBJECT_VIEW => ObjectKind::View,
        _ => return None,
    })
}
