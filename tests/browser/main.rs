//! What patients and staff see, in Chromium.

#[tokio::test]
async fn a_window_of_a_phone_has_the_width_of_a_phone() {
    let browser = sealpost_tests::browser::Browser::start();
    let window = browser.open(390, 844).await;
    window
        .goto("data:text/html,<meta name=viewport content='width=device-width'><h1>Hi</h1>")
        .await
        .expect("loads");
    window.sees("Hi").await;
    let width = window.execute("return innerWidth", Vec::new()).await.expect("a number");
    assert_eq!(width, 390);
    window.close(&[]).await;
}
