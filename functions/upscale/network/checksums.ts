import type { ModelName, Scale } from '../../../shared/super-resolution.ts';

/**
 * SHA-256 of each published model's file, as `packModel` makes it of the layers in @upscalerjs's packages (their versions are in
 * package-lock.json): of other weights, or damaged ones, no picture is made.
 */
export const CHECKSUMS: Readonly<Record<ModelName, Readonly<Record<Scale, string>>>> = {
  slim: {
    2: '0c7bc0fb38a0f1d8b63802499ef5d133e071ee640e4bfd464f7a0de532daa242',
    3: 'fb96256cbb2e433fe5e1bc7b1c22c92e546733f8ee3f90553e19d0f94565491d',
    4: 'de239b080f1ff13d5b4659e6ae626a052e49b6d40ccd228200b25d69e7d6ef3a',
    8: 'fcf7fc9bdcef558bc1deb2ab483326223202837a66c8419f6445d3d65dbf0e07',
  },
  medium: {
    2: 'ca9638f40922656b7a649f738f32c0843b4527a9591d68ca93b45be012433083',
    3: '5d1710036a1d7dfa80692cd97e8c8306d7caa01a8775c4bada6c42484bdf2063',
    4: '1fec8db089fcda670e6ebe1cecfd9b67f68e8ce7d4ff5d1ea30226afdb826f42',
    8: '85fd9828af611fe9c4a5959ad6cfebcdc4f859d82299d1b565729df90cdcf220',
  },
  thick: {
    2: '4247946a0b350fa4b96a2770c360bff94db76fb2652042c14c0dfa0f22040d4b',
    3: 'fc273bc0910d3419023479e5fbb13dffd1f943d97308d66a1b594630920c1f3b',
    4: 'db8d5b6e132bc858c96562dca60c272a795fac787f413877906e603bbe1a8b1e',
    8: '8b663cd289a9a026748b27b37995cbe8c9d0fc70fb3a6d0cbe89864b7bd494de',
  },
};
