import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Me } from '../../../shared/api/me.ts';
import { asksWho, type Config } from '../../../shared/config.ts';
import { type Owner, OwnerSchema } from '../../../shared/owner.ts';

/** Whoever asks for something. */
export type User = NonNullable<Me['user']>;

/** What a cookie or token says of whoever it was made for. */
export const IdentitySchema = z.object({
  name: z.string(),
  owner: OwnerSchema.nullable(),
  /** By what operators are named: it can't be chosen by whoever has it. Null: nothing. */
  known: z.string().nullable(),
  /** Of the token of MONTAGE_TOKENS or MONTAGE_ACCESS_TOKEN that it was made from: it holds for as long as that does. */
  token: z.string().optional(),
  /** The provider that said so: it holds for as long as people sign in with that one. */
  issuer: z.string().optional(),
});
export type Identity = z.infer<typeof IdentitySchema>;

/** Whom nobody asks who they are: everything is theirs. */
export const EVERYBODY: User = { name: '', owner: null, operator: true };

/** Who it is, of all whom `issuer` knows by `subject`: for good, whatever they are called. */
export const ownerOf = (issuer: string, subject: string): Owner =>
  createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('hex')
    .slice(0, 12);

/** A user, by what is known of them and who the operators are now. */
export function userOf({ name, owner, known }: Identity, { MONTAGE_OPERATORS = '' }: Config): User {
  const operators = MONTAGE_OPERATORS.split(/\s+/).map((each) => each.toLowerCase());
  const isNamed = known !== null && known !== '' && operators.includes(known.toLowerCase());
  return { name, owner, operator: owner === null || isNamed };
}

/** What is told of a user, and of how one signs in. */
export function meOf(user: User | null, config: Config): Me {
  const signIn = asksWho(config)
    ? {
        provider: config.MONTAGE_OIDC_ISSUER !== undefined,
        token: Boolean(config.MONTAGE_TOKENS || config.MONTAGE_ACCESS_TOKEN),
      }
    : null;
  return { signIn, user };
}
