//! The first start, and the installation's ways out.

use sealpost_shared::channels::{
    ChannelTest, Channels, PutEmailChannel, PutSmsChannel, TestEmailChannel, TestSmsChannel,
};
use sealpost_shared::paths;
use sealpost_shared::setup::{AddressCheck, CheckAddress, Setup, SetupStepId, SkipSetupStep};

use super::{Answer, Empty, Method, get, send, send_quietly};

pub async fn setup() -> Answer<Setup> {
    get(paths::SETUP).await
}

pub async fn skip(step: SetupStepId) -> Answer<Setup> {
    send(Method::Post, paths::SETUP_SKIP, &SkipSetupStep { step }).await
}

pub async fn dismiss() -> Answer<Setup> {
    send(Method::Post, paths::SETUP_DISMISS, &Empty {}).await
}

pub async fn check_address(origin: String) -> Answer<AddressCheck> {
    send(Method::Post, paths::SETUP_CHECK_ADDRESS, &CheckAddress { origin }).await
}

pub async fn channels() -> Answer<Channels> {
    get(paths::SETTINGS_CHANNELS).await
}

pub async fn put_sms(settings: &PutSmsChannel) -> Answer<Channels> {
    send(Method::Put, paths::SETTINGS_CHANNELS_SMS, settings).await
}

pub async fn remove_sms() -> Answer<()> {
    send_quietly(Method::Delete, paths::SETTINGS_CHANNELS_SMS, &Empty {}).await
}

pub async fn test_sms(test: &TestSmsChannel) -> Answer<ChannelTest> {
    send(Method::Post, paths::SETTINGS_CHANNELS_SMS_TEST, test).await
}

pub async fn put_email(settings: &PutEmailChannel) -> Answer<Channels> {
    send(Method::Put, paths::SETTINGS_CHANNELS_EMAIL, settings).await
}

pub async fn remove_email() -> Answer<()> {
    send_quietly(Method::Delete, paths::SETTINGS_CHANNELS_EMAIL, &Empty {}).await
}

pub async fn test_email(test: &TestEmailChannel) -> Answer<ChannelTest> {
    send(Method::Post, paths::SETTINGS_CHANNELS_EMAIL_TEST, test).await
}
