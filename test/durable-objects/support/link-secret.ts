/** The secret in the link of a mail that asks for a proof. @throws where there is none */
export function linkSecret(text: string): string {
  const secret = /\/email\/confirm#[\w-]+\.([\w-]{43})/.exec(text)?.[1];
  if (secret === undefined) throw new Error("no link in the mail");
  return secret;
}
