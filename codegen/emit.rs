//! What the contract says and progenitor does not turn into code: open enums, limits, header names, the server.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::contract::{Contract, Operation, body_schema, schema_name};
use super::json_schema;

/// The modules that follow progenitor's output.
pub fn tokens(contract: &Contract) -> TokenStream {
    let server = contract.root["servers"][0]["url"].as_str().unwrap_or_default();
    let enums =
        contract.schemas().iter().filter(|(_, schema)| schema["nullable"] != true).filter_map(|(name, schema)| {
            Some(open_enum(contract, name, schema, schema["x-extensible-enum"].as_array()?))
        });
    let rules = contract.operations().map(|op| operation_rules(contract, &op));
    let absent = contract.schemas().iter().flat_map(|(owner, schema)| absent_readers(owner, schema));
    let headers = contract.root["components"]["parameters"].as_object();
    let headers = headers.into_iter().flat_map(|p| p.values()).filter(|p| p["in"] == "header").map(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        let constant = format_ident!("{}", name.replace('-', "_").to_uppercase());
        let lower = name.to_lowercase();
        let doc = text(parameter);
        quote! { #[doc = #doc] pub const #constant: &str = #lower; }
    });
    quote! {
        /// The server that the contract names.
        pub const SERVER_URL: &str = #server;

        /// The enums of the contract, all of them open to values that this version does not know.
        pub mod enums { #(#enums)* }

        /// What fields of responses are read as where they are null or missing.
        pub mod absent { #(#absent)* }

        /// The limits that the contract sets on requests.
        pub mod rules {
            use crate::rules::{Field, Limit};
            #(#rules)*
        }

        /// The names of the contract's header parameters.
        pub mod headers { #(#headers)* }
    }
}

fn text(value: &Value) -> &str {
    value["description"].as_str().unwrap_or_default()
}

fn open_enum(contract: &Contract, name: &str, schema: &Value, values: &[Value]) -> TokenStream {
    let doc = text(schema);
    let setting = is_setting(contract, name).then(|| settings_as_text(&format_ident!("{name}")));
    let name = format_ident!("{name}");
    let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    let variants: Vec<_> = values.iter().map(|value| format_ident!("{}", variant(value))).collect();
    let docs = values.iter().map(|value| format!("`{value}`"));
    let json_schema = json_schema::open_enum(&name, doc, &values);
    let from_text = TEXTS.map(|text| try_from("", text, &quote!(#name), quote!(value.parse())));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants,)*
            /// A value that this version does not know, as the API wrote it.
            Other(String),
        }

        impl #name {
            /// The value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Other(value) => value,
                }
            }

            pub(crate) fn known(value: &str) -> Option<Self> {
                match value {
                    #(#values => Some(Self::#variants),)*
                    _ => None,
                }
            }
        }

        /// Known values only: one that is meant although it is unknown is given as `Other`.
        impl std::str::FromStr for #name {
            type Err = crate::UnknownValue;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Self::known(value).ok_or_else(|| crate::UnknownValue::among(&[#(#values),*], value))
            }
        }

        impl From<&#name> for #name {
            fn from(value: &#name) -> Self {
                value.clone()
            }
        }

        #(#from_text)*

        #setting

        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|value| Self::known(&value).unwrap_or(Self::Other(value)))
            }
        }

        #json_schema
    }
}

/// Whether an enum, or its nullable form, is a part of a request body.
fn is_setting(contract: &Contract, name: &str) -> bool {
    let bodies: Vec<_> =
        contract.operations().filter_map(|op| schema_name(body_schema(op.value)?).map(str::to_owned)).collect();
    let is_part = |part: &str| part.strip_prefix("Nullable").unwrap_or(part) == name;
    bodies.iter().any(|body| contract.made_of(body).into_iter().any(is_part))
}

/// The types of one text.
const TEXTS: [&str; 3] = ["&str", "String", "&String"];

/// The types of a list of texts, with the parameters of their impls. Arrays that are given as a whole may be of what becomes
/// an item, which a text might, as far as the compiler knows: so they are of the usual texts only.
const LISTS: [(&str, &str); 6] = [
    ("const N: usize", "[&str; N]"),
    ("const N: usize", "[String; N]"),
    ("S: AsRef<str>, const N: usize", "&[S; N]"),
    ("S: AsRef<str>", "&[S]"),
    ("S: AsRef<str>", "Vec<S>"),
    ("S: AsRef<str>", "&Vec<S>"),
];

/// Lets the setters of an enum, and of lists of it, take text.
fn settings_as_text(name: &syn::Ident) -> TokenStream {
    let (one, list) = (quote!(crate::Nullable<#name>), quote!(crate::Nullable<Vec<#name>>));
    let texts = TEXTS.map(|text| try_from("", text, &one, quote!(value.parse::<#name>().map(Self::from))));
    let lists = LISTS.map(|(params, text)| try_from(params, text, &list, quote!(crate::nullable::parsed(value))));
    quote! { #(#texts)* #(#lists)* }
}

fn try_from(params: &str, from: &str, to: &TokenStream, body: TokenStream) -> TokenStream {
    let [params, from] = [params, from].map(|text| text.parse::<TokenStream>().unwrap_or_default());
    quote! {
        impl<#params> TryFrom<#from> for #to {
            type Error = crate::UnknownValue;

            fn try_from(value: #from) -> Result<Self, Self::Error> {
                #body
            }
        }
    }
}

/// For each field of a schema that reads as a value where it is null or missing: the value, and the reader.
fn absent_readers(owner: &str, schema: &Value) -> Vec<TokenStream> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let absent = properties.filter_map(|(field, schema)| Some((field, schema.get("x-absent")?)));
    let readers = absent.map(|(field, value)| {
        let (default, reader) = absent_names(owner, field);
        let (ty, literal) = match value {
            Value::Bool(value) => (quote!(bool), quote!(#value)),
            Value::Number(number) => {
                let value = Literal::f64_suffixed(number.as_f64().unwrap_or_default());
                (quote!(f64), quote!(#value))
            }
            other => {
                let value = other.as_str().unwrap_or_default();
                (quote!(String), quote!(#value.to_owned()))
            }
        };
        quote! {
            pub fn #default() -> #ty { #literal }
            pub fn #reader<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<#ty, D::Error> {
                crate::tolerant::value_or(deserializer, #default())
            }
        }
    });
    readers.collect()
}

/// The names of the functions of a field in the module `absent`.
pub fn absent_names(owner: &str, field: &str) -> (syn::Ident, syn::Ident) {
    let default = format_ident!("{}_{field}", owner.to_lowercase());
    (default.clone(), format_ident!("read_{default}"))
}

/// `HTTP-Referer` becomes `HTTP_REFERER`.
pub fn header_constant(name: &str) -> String {
    name.replace('-', "_").to_uppercase()
}

/// `openrouter:web_search` becomes `WebSearch`.
pub fn variant(value: &str) -> String {
    pascal_case(value.rsplit(':').next().unwrap_or(value))
}

/// `web_search` becomes `WebSearch`.
pub fn pascal_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

fn operation_rules(contract: &Contract, op: &Operation<'_>) -> TokenStream {
    let parameters = op.parameters().map(|parameter| contract.resolve(parameter)).filter(|p| p["in"] != "header");
    let mut fields: Vec<TokenStream> = parameters
        .map(|parameter| field(contract, parameter["name"].as_str().unwrap_or_default(), &parameter["schema"]))
        .collect();
    let body = body_schema(op.value).map(|schema| contract.resolve(schema));
    let properties = body.and_then(|schema| schema["properties"].as_object());
    fields.extend(properties.into_iter().flatten().map(|(name, schema)| field(contract, name, schema)));
    let constant = format_ident!("{}", op.name().to_uppercase());
    let doc = format!("Limits of `{}`.", op.name());
    quote! { #[doc = #doc] pub const #constant: &[Field] = &[#(#fields),*]; }
}

fn field(contract: &Contract, name: &str, schema: &Value) -> TokenStream {
    let schema = contract.resolve(schema);
    let mut limits = Vec::new();
    let mut count = |keyword: &str, limit: TokenStream| {
        if let Some(value) = schema[keyword].as_u64() {
            let value = Literal::u64_unsuffixed(value);
            limits.push(quote! { Limit::#limit(#value) });
        }
    };
    count("minLength", quote!(MinLength));
    count("maxLength", quote!(MaxLength));
    count("minItems", quote!(MinItems));
    count("maxItems", quote!(MaxItems));
    if let Some(pattern) = schema["pattern"].as_str() {
        let words = match schema["x-pattern-words"].as_str() {
            Some(words) => quote!(Some(#words)),
            None => quote!(None),
        };
        limits.push(quote! { Limit::Pattern(#pattern, #words) });
    }
    for (keyword, exclusive, inclusive_limit, exclusive_limit) in [
        ("minimum", "exclusiveMinimum", quote!(Minimum), quote!(ExclusiveMinimum)),
        ("maximum", "exclusiveMaximum", quote!(Maximum), quote!(ExclusiveMaximum)),
    ] {
        if let Some(value) = schema[keyword].as_f64() {
            let value = Literal::f64_unsuffixed(value);
            let limit = if schema[exclusive] == true { exclusive_limit } else { inclusive_limit };
            limits.push(quote! { Limit::#limit(#value) });
        }
    }
    let nullable = schema["nullable"] == true;
    let default = match &schema["x-server-default"] {
        Value::Null if nullable => quote! { Some("null") },
        Value::Null => quote! { None },
        value => {
            let value = value.to_string();
            quote! { Some(#value) }
        }
    };
    let null_means = match schema.get("x-null-means").map(Value::to_string) {
        Some(value) => quote! { Some(#value) },
        None => quote! { None },
    };
    quote! {
        Field {
            name: #name,
            nullable: #nullable,
            default: #default,
            null_means: #null_means,
            limits: &[#(#limits),*],
        }
    }
}
