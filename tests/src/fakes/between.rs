//! A wire that can be cut or fall silent: stands between a server and its database.

use std::pin::pin;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    Whole,
    Cut,
    /// Connections stay, and nothing passes.
    Silent,
}

pub struct Between {
    address: String,
    wire: Arc<watch::Sender<Wire>>,
    accepting: JoinHandle<()>,
}

impl Between {
    /// Leads to `to`, an address and a port.
    pub async fn to(to: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let wire = Arc::new(watch::Sender::new(Wire::Whole));
        let switch = wire.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, to.clone(), switch.subscribe()));
            }
        });
        Self { address, wire, accepting }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Cuts what is open and whatever comes, until it is mended.
    pub fn cut(&self) {
        self.wire.send_replace(Wire::Cut);
    }

    /// Passes nothing on, and closes nothing, until it is mended.
    pub fn hang(&self) {
        self.wire.send_replace(Wire::Silent);
    }

    pub fn mend(&self) {
        self.wire.send_replace(Wire::Whole);
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(mut near: TcpStream, to: String, mut wire: watch::Receiver<Wire>) {
    let Ok(mut far) = TcpStream::connect(to).await else { return };
    let mut copying = pin!(tokio::io::copy_bidirectional(&mut near, &mut far));
    loop {
        let now = *wire.borrow_and_update();
        tokio::select! {
            _ = &mut copying, if now == Wire::Whole => return,
            changed = wire.changed(), if now != Wire::Cut => {
                if changed.is_err() {
                    return;
                }
            }
            else => return,
        }
    }
}
