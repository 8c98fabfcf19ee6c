//! A wire that can be cut: stands between a server and its database.

use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub struct Between {
    address: String,
    passing: Arc<watch::Sender<bool>>,
    accepting: JoinHandle<()>,
}

impl Between {
    /// Leads to `to`, an address and a port.
    pub async fn to(to: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let passing = Arc::new(watch::Sender::new(true));
        let switch = passing.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, to.clone(), switch.subscribe()));
            }
        });
        Self { address, passing, accepting }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Cuts what is open and whatever comes, until it is mended.
    pub fn cut(&self) {
        self.passing.send_replace(false);
    }

    pub fn mend(&self) {
        self.passing.send_replace(true);
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(mut near: TcpStream, to: String, mut passing: watch::Receiver<bool>) {
    if !*passing.borrow() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(to).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = passing.wait_for(|passing| !passing) => {}
    }
}
