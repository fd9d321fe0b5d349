//! `contract!`: declares a service's calls. All it writes could be written by hand.

/// `contract!("name", Service, Error { Call => Reply, … })` makes the marker type of the service,
/// its `Request` enum with one variant a call, and the trait impls that tie them together.
macro_rules! contract {
    ($name:literal, $service:ident, $error:ty { $($call:ident => $reply:ty),+ $(,)? }) => {
        /// Marker of this contract: what a `Client` of the service is typed by.
        #[derive(Debug)]
        pub struct $service;

        /// A mailbox item: one variant for each call of the contract.
        #[derive(Debug)]
        pub enum Request { $($call($crate::Ask<$call>)),+ }

        impl $crate::Envelope for Request {
            fn context(&self) -> &$crate::Context {
                match self { $(Self::$call(ask) => ask.context()),+ }
            }
            fn is_abandoned(&self) -> bool {
                match self { $(Self::$call(ask) => ask.is_abandoned()),+ }
            }
            fn call_name(&self) -> &'static str {
                match self { $(Self::$call(_) => stringify!($call)),+ }
            }
        }

        impl $crate::Contract for $service {
            const NAME: &'static str = $name;
            type Request = Request;
            type Error = $error;
            fn decode(call: &str, body: &[u8]) -> Option<$crate::Inbound<Self>> {
                match call {
                    $(stringify!($call) => $crate::Inbound::of::<$call>(body),)+
                    _ => None,
                }
            }
        }

        $(impl $crate::Call for $call {
            const NAME: &'static str = stringify!($call);
            type To = $service;
            type Reply = $reply;
            fn wrap(ask: $crate::Ask<Self>) -> Request { Request::$call(ask) }
        })+
    };
}
