import { z } from 'zod';
import { OwnerSchema } from '../owner.ts';

/** Answer of `GET /v1/me`. */
export const MeSchema = z.object({
  /** How people sign in; null where nobody has to. */
  signIn: z
    .object({
      /** With an OpenID provider, at `/v1/sign-in`. */
      provider: z.boolean(),
      /** With a token, at `/v1/sign-in/token`. */
      token: z.boolean(),
    })
    .nullable(),
  /** Null for who hasn't signed in. Where nobody has to, whoever asks is a user without a name. */
  user: z
    .object({
      name: z.string(),
      /** What is theirs is named after it: sets `<owner>~<name>`, songs `<owner>~/<file>`. Null: everything is, by any name. */
      owner: OwnerSchema.nullable(),
      /** Whether `/ops` is for them. */
      operator: z.boolean(),
    })
    .nullable(),
});
export type Me = z.infer<typeof MeSchema>;
