/** What wrangler.toml cannot say: secrets a broker may run without. */
interface __BaseEnv_Env {
  /** A JWK Set with ES256 private keys. Present: this broker is a confidential OAuth client. */
  OAUTH_PRIVATE_JWKS?: string;
  /** Google's secret for GOOGLE_CLIENT_ID. */
  GOOGLE_CLIENT_SECRET?: string;
  /** For MAIL_PROVIDER "smtp": smtps://user:password@host, or smtp://user:password@host?starttls. */
  SMTP_URL?: string;
  /** For MAIL_PROVIDER "resend". */
  RESEND_API_KEY?: string;
  /** For MAIL_PROVIDER "sendgrid". */
  SENDGRID_API_KEY?: string;
  /** For MAIL_PROVIDER "cloudflare". */
  EMAIL?: SendEmail;
  /** At least 32 characters. Present: whoever shows it is the operator. */
  OPERATOR_TOKEN?: string;
}
