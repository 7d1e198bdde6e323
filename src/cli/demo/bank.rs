//! The demo's bank: what it did, it did because the request reached it, and it shows which approval let it through. It has
//! no confirmation pages of its own and trusts whatever the gateway forwards: that is the point of it.

use std::cell::RefCell;
use std::fmt::Write as _;

use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, LOCATION};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::html::{claims, escaped, said};

/// One thing that was done.
#[derive(Debug)]
struct BankOrder {
    what: &'static str,
    payee: String,
    amount: String,
    note: String,
    by: String,
    /// The transaction and its approvals, as the assertion names them; empty: it came without.
    transaction: String,
    approvals: Vec<String>,
}

/// The bank: what was done since it started, each once.
#[derive(Debug, Default)]
pub(super) struct Bank {
    orders: RefCell<Vec<BankOrder>>,
}

impl Bank {
    /// Whether a request is for the bank.
    pub(super) fn is_asked(headers: &HeaderMap) -> bool {
        said(headers, "host").is_some_and(|host| host.starts_with("bank."))
    }

    /// Answers it.
    pub(super) fn answer(&self, parts: &Parts, body: &str) -> Response<String> {
        let path = parts.uri.path();
        let headers = &parts.headers;
        match (&parts.method, path) {
            (&Method::GET, "/") => page(StatusCode::OK, "Bank", &self.counter(headers)),
            (&Method::GET, "/script") => page(StatusCode::OK, "Transfer by script", SCRIPTED),
            (&Method::GET, "/api/transfers") => json_answer(StatusCode::OK, &self.as_json()),
            (&Method::POST, "/transfer") => {
                let number = self.note(headers, "transfer", form(body, "payee"), yen(&form(body, "amount")), form(body, "note"));
                let mut response = page(StatusCode::SEE_OTHER, "Transferred", "");
                if let Ok(location) = HeaderValue::try_from(format!("/done/{number}")) {
                    response.headers_mut().insert(LOCATION, location);
                }
                response
            }
            (&Method::POST, "/api/transfers") => self.transfer_by_program(headers, body),
            (&Method::POST, "/exchange") => {
                let number = self.note(headers, "exchange", "US dollars".to_owned(), yen(&form(body, "amount")), String::new());
                page(StatusCode::OK, "Exchanged", &self.done(number))
            }
            (&Method::POST, "/limit") => {
                let number = self.note(headers, "new daily limit", String::new(), yen(&form(body, "limit")), String::new());
                page(StatusCode::OK, "The limit is changed", &self.done(number))
            }
            (&Method::POST, "/close-account") => {
                let number = self.note(headers, "account closed", form(body, "account"), String::new(), String::new());
                page(StatusCode::OK, "The account is closed", &self.done(number))
            }
            (&Method::POST, "/statement") => self.statement(),
            (&Method::GET, _) => match path.strip_prefix("/done/").and_then(|number| number.parse().ok()) {
                Some(number) if number >= 1 && number <= self.orders.borrow().len() => {
                    page(StatusCode::OK, "Transferred", &self.done(number))
                }
                _ => page(StatusCode::NOT_FOUND, "There is nothing here", BACK),
            },
            _ => page(StatusCode::METHOD_NOT_ALLOWED, "That cannot be done here", BACK),
        }
    }

    /// Does it; which one it is.
    fn note(&self, headers: &HeaderMap, what: &'static str, payee: String, amount: String, note: String) -> usize {
        let claims = said(headers, "sekisho-assertion").and_then(|token| claims(&token)).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let approvals = claims.get("approvals").and_then(Value::as_array);
        let mut orders = self.orders.borrow_mut();
        orders.push(BankOrder {
            what,
            payee,
            amount,
            note,
            by: said(headers, "remote-user").unwrap_or_default(),
            transaction: claims.get("txn").map(text).unwrap_or_default(),
            approvals: approvals.into_iter().flatten().map(text).collect(),
        });
        orders.len()
    }

    fn transfer_by_program(&self, headers: &HeaderMap, body: &str) -> Response<String> {
        let Ok(asked) = serde_json::from_str::<Value>(body) else {
            return json_answer(StatusCode::BAD_REQUEST, &json!({ "error": "this is not JSON" }));
        };
        let text = |name: &str| match asked.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let number = self.note(headers, "transfer", text("payee"), yen(&text("amount")), text("note"));
        let orders = self.orders.borrow();
        let done = orders.get(number - 1).map(|order| order.as_json(number)).unwrap_or_default();
        json_answer(StatusCode::CREATED, &done)
    }

    fn as_json(&self) -> Value {
        self.orders.borrow().iter().zip(1..).map(|(order, number)| order.as_json(number)).collect()
    }

    fn done(&self, number: usize) -> String {
        let orders = self.orders.borrow();
        let Some(order) = orders.get(number.wrapping_sub(1)) else { return BACK.to_owned() };
        format!("<p class=done>Done, as number {number}.</p>{}{BACK}", listed(&[(number, order)]))
    }

    fn statement(&self) -> Response<String> {
        let mut csv = String::from("number,what,payee,amount,transaction\r\n");
        for (order, number) in self.orders.borrow().iter().zip(1..) {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let cells = [order.what, &order.payee, &order.amount, &order.transaction].map(quoted).join(",");
            let _infallible = write!(csv, "{number},{cells}\r\n");
        }
        let mut response = answer(StatusCode::OK, "text/csv; charset=utf-8", csv);
        let attached = HeaderValue::from_static("attachment; filename=\"statement.csv\"");
        response.headers_mut().insert(CONTENT_DISPOSITION, attached);
        response
    }

    fn counter(&self, headers: &HeaderMap) -> String {
        let user = said(headers, "remote-user").unwrap_or_default();
        let orders = self.orders.borrow();
        let all: Vec<(usize, &BankOrder)> = orders.iter().zip(1..).map(|(order, number)| (number, order)).collect();
        let done = if all.is_empty() { "<p>Nothing yet.</p>".to_owned() } else { listed(&all) };
        format!("<p>Good day, <b>{}</b>.</p>{COUNTER}<h2>What was done</h2>{done}", escaped(&user))
    }
}

impl BankOrder {
    fn as_json(&self, number: usize) -> Value {
        json!({
            "number": number, "what": self.what, "payee": self.payee, "amount": self.amount, "note": self.note, "by": self.by,
            "transaction": self.transaction, "approvals": self.approvals,
        })
    }
}

fn listed(orders: &[(usize, &BankOrder)]) -> String {
    let mut rows = String::new();
    for (number, order) in orders {
        let approvals = if order.approvals.is_empty() { "by a code".to_owned() } else { order.approvals.join(" ") };
        let (transaction, approvals) = if order.transaction.is_empty() {
            ("none: it was not held", "–".to_owned())
        } else {
            (&*order.transaction, approvals)
        };
        let cells = [
            ("No.", &*number.to_string()),
            ("What", order.what),
            ("Payee", &order.payee),
            ("Amount", &order.amount),
            ("Note", &order.note),
            ("Asked by", &order.by),
            ("Transaction", transaction),
            ("Approvals", &approvals),
        ];
        rows.push_str("<dl class=request-details>");
        for (label, value) in cells.into_iter().filter(|(_, value)| !value.is_empty()) {
            let _infallible = write!(rows, "<div><dt>{label}</dt><dd>{}</dd></div>", escaped(value));
        }
        rows.push_str("</dl>");
    }
    rows
}

fn form(body: &str, name: &str) -> String {
    let found = url::form_urlencoded::parse(body.as_bytes()).find(|(found, _)| found == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn yen(amount: &str) -> String {
    format!("{amount} JPY")
}

fn json_answer(status: StatusCode, value: &Value) -> Response<String> {
    answer(status, "application/json", value.to_string())
}

fn page(status: StatusCode, title: &str, content: &str) -> Response<String> {
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style><main><h1>{title}</h1>{content}</main></html>"
    );
    answer(status, "text/html; charset=utf-8", page)
}

fn answer(status: StatusCode, kind: &'static str, content: String) -> Response<String> {
    let mut response = Response::new(content);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

const BACK: &str = "<p><a href=\"/\">Back to the bank</a></p>";
const COUNTER: &str = include_str!("bank.html");
const SCRIPTED: &str = include_str!("bank_script.html");
const STYLE: &str = include_str!("bank.css");
