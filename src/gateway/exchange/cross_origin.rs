//! A request for an app that pages of other origins may call: its preflights are judged by what they can meet, and what the
//! gateway answers itself says who may read it.

use std::sync::Arc;

use http::{Request, Response};

use crate::chain::{Permit, Verdict};
use crate::facts::path::RequestPath;
use crate::facts::target::Target;
use crate::gateway::body::Body;
use crate::gateway::cors::{self, AppCors};
use crate::gateway::exchange::Exchange;
use crate::gateway::exchange::outcome;
use crate::gateway::hosts::AppHost;

impl<'a> Exchange<'a> {
    /// As [`Exchange::to_app`], for an app with `cors`.
    pub(super) async fn to_app_with_cors(
        &self,
        app: &'a Arc<AppHost>,
        permitted: &'a AppCors,
        mut request: Request<Body>,
        resumed: bool,
    ) -> Response<Body> {
        let listed = permitted.listed(request.headers());
        let permit =
            listed.filter(|_| cors::is_preflight(&request)).and_then(|_| self.permit_of_preflight(app, permitted, &request));
        let mut response = match permit {
            Some(permit) => {
                cors::reduce(request.headers_mut());
                self.pass(app, permit, None, request, None).await
            }
            None => self.to_app(app, request, resumed).await,
        };
        if outcome::is_noted(&response) {
            permitted.say(listed, response.headers_mut());
        }
        response
    }

    /// The chain's permit for a preflight, by what preflights must meet. Without one it is judged as any request, and refused
    /// for what that says.
    fn permit_of_preflight(&self, app: &'a Arc<AppHost>, permitted: &AppCors, request: &Request<Body>) -> Option<Permit> {
        let path = RequestPath::parse(request.uri().path()).ok()?;
        let asked = permitted.policy().select(&Target { method: request.method(), path }).ok()?;
        match self.judge(app, asked, None).verdict {
            Verdict::Pass(permit) => Some(permit),
            Verdict::Ask(_) | Verdict::Hold(_) | Verdict::Refuse(_) => None,
        }
    }
}
