import { patch, type Stored, watch } from './api-server.ts';

const INGRESSES = '/apis/networking.internal.knative.dev/v1alpha1';

interface Split {
  serviceName: string;
  serviceNamespace: string;
  servicePort: number;
  percent?: number;
  appendHeaders?: Record<string, string>;
}

interface Path {
  headers?: object;
  appendHeaders?: Record<string, string>;
  splits: Split[];
}

interface KIngress extends Stored {
  spec: { rules: { hosts: string[]; http: { paths: Path[] } }[] };
  status?: { observedGeneration?: number; conditions?: { type: string; status: string }[] };
}

/** Where requests for a host go. */
interface Target {
  host: string;
  port: number;
  headers: Record<string, string>;
}

/** Follows Knative's ingresses: knows where each host's requests go, and reports every ingress as ready under the gateway's name. */
export class Routes {
  readonly #gateway: string;
  #ingresses = new Map<string, KIngress>();
  #targets = new Map<string, Target>();

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  target(host: string): Target | undefined {
    return this.#targets.get(host);
  }

  /** Follows them until the API server ends the watch. */
  async follow(): Promise<void> {
    for await (const news of watch<KIngress>(`${INGRESSES}/ingresses`)) {
      if ('all' in news) this.#ingresses = new Map(news.all.map((ingress) => [ingress.metadata.uid, ingress]));
      else if (news.type === 'DELETED') this.#ingresses.delete(news.object.metadata.uid);
      else this.#ingresses.set(news.object.metadata.uid, news.object);
      this.#targets = new Map([...this.#ingresses.values()].flatMap(targetsOf));
      for (const changed of 'all' in news ? news.all : news.type === 'DELETED' ? [] : [news.object])
        if (!isReady(changed)) await this.#report(changed);
    }
  }

  async #report({ metadata: { namespace, name, generation } }: KIngress): Promise<void> {
    const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
    const conditions = ['LoadBalancerReady', 'NetworkConfigured', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime,
    }));
    const balancer = { ingress: [{ domainInternal: this.#gateway }] };
    await patch(`${INGRESSES}/namespaces/${namespace}/ingresses/${name}/status`, {
      status: {
        observedGeneration: generation,
        conditions,
        publicLoadBalancer: balancer,
        privateLoadBalancer: balancer,
      },
    }).catch((error) => console.error(String(error)));
  }
}

const isReady = ({ metadata, status }: KIngress) =>
  status?.observedGeneration === metadata.generation &&
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

function targetsOf({ spec }: KIngress): [string, Target][] {
  return spec.rules.flatMap(({ hosts, http: { paths } }) => {
    // Paths that ask for a header are for requests to a tag.
    const path = paths.find(({ headers }) => !headers) ?? paths[0];
    const [split] = (path?.splits ?? []).toSorted((a, b) => (b.percent ?? 100) - (a.percent ?? 100));
    if (!split) return [];
    const target = {
      host: `${split.serviceName}.${split.serviceNamespace}.svc.cluster.local`,
      port: split.servicePort,
      headers: { ...path?.appendHeaders, ...split.appendHeaders },
    };
    return hosts.map((host): [string, Target] => [host, target]);
  });
}
