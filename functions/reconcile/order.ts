import { parse as parseYaml } from 'yaml';
import { jobId } from '../../shared/job-id.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { type JobRequest, JobRequestSchema, OrderSchema } from '../../shared/request.ts';

export interface DroppedOrder {
  job: string;
  request: JobRequest;
  /** Why the order can't be carried out as it is written; the request then has all defaults. */
  fault: string | null;
}

/**
 * A `*.montage.yaml` that was dropped beside clips, as the job it asks for. The job's id comes from the order's key and
 * content, so the same order found twice is one job, and a changed one is another.
 */
export function readOrder(key: string, etag: string, text: string): DroppedOrder {
  const [footageSet = '', file = ''] = [key.slice(0, key.indexOf('/')), key.slice(key.lastIndexOf('/') + 1)];
  const name = file.replace(/\.?montage\.ya?ml$/i, '');
  const identity = { footageSet, dropped: true, ...(name ? { name } : {}) };
  const job = jobId(footageSet, `${key} ${etag}`);
  try {
    return {
      job,
      request: { ...parseOrder(text, file), ...identity },
      fault: null,
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      job,
      request: JobRequestSchema.parse(identity),
      fault: error.message,
    };
  }
}

function parseOrder(text: string, file: string) {
  let written: unknown;
  try {
    written = parseYaml(text);
  } catch (error) {
    // The parser throws other errors too, for aliases that lead nowhere or grow without end.
    throw new Refusal(`${file} is not valid YAML (${sentenceOf(error)}); correct it and drop it again`);
  }
  const order = OrderSchema.safeParse(written ?? {});
  if (order.success) return order.data;
  const [issue] = order.error.issues;
  throw new Refusal(
    `${file} can't be followed: ${[...(issue?.path ?? []), issue?.message].join(': ')}; correct it and drop it again`,
  );
}
