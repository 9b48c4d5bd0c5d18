/** What wrangler.toml cannot say: secrets a broker may run without. */
interface __BaseEnv_Env {
  /** A JWK Set with ES256 private keys. Present: this broker is a confidential OAuth client. */
  OAUTH_PRIVATE_JWKS?: string;
  /** Google's secret for GOOGLE_CLIENT_ID. */
  GOOGLE_CLIENT_SECRET?: string;
  /** At least 32 characters. Present: whoever shows it is the operator. */
  OPERATOR_TOKEN?: string;
}
