//! Where the approver is, for a page on another screen: its address, and the same as a picture. It says nothing of the phones that
//! somebody has, and is the same for every name.

use askama::Template;
use askama::filters::Safe;

use crate::portal::kit::page::Frame;
use crate::portal::kit::parts::written;
use crate::portal::kit::qr;

#[derive(Template)]
#[template(path = "push/place.html")]
struct ApproverPlace<'a> {
    frame: &'a Frame,
    address: &'a str,
}

impl ApproverPlace<'_> {
    fn picture(&self) -> Option<String> {
        qr::svg(self.address, &self.frame.say("approver-qr-label"))
    }
}

impl Frame {
    /// Where the approver is, to be unfolded.
    pub(in crate::portal) fn approver_place(&self, address: &str) -> Safe<String> {
        written(&ApproverPlace { frame: self, address })
    }
}
