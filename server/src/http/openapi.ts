import { problemSchema } from '@trunkline/contract';
import { z } from 'zod';
import type { Route } from './route.ts';

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return rest;
};

const parametersOf = (row: Route) => {
  const parameters: unknown[] = [];
  if (row.path.includes('{id}'))
    parameters.push({ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } });
  if (row.path.includes('{name}'))
    parameters.push({ name: 'name', in: 'path', required: true, schema: { type: 'string' } });
  if (row.query) {
    const schema = schemaOf(row.query, 'input') as {
      properties?: Record<string, unknown>;
      required?: string[];
    };
    for (const [name, one] of Object.entries(schema.properties ?? {}))
      parameters.push({
        name,
        in: 'query',
        required: schema.required?.includes(name) ?? false,
        schema: one,
      });
  }
  return parameters;
};

/** The OpenAPI 3.1 description of the table: what is mounted is what is described. */
export const describeApi = (routes: Route[], publicUrl: string) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of routes) {
    const path = paths[row.path] ?? {};
    path[row.method] = {
      summary: row.summary,
      'x-who-may': row.who,
      ...(row.who === 'public' && { security: [] }),
      ...(row.who === 'device' && { security: [{ device: [] }] }),
      parameters: parametersOf(row),
      ...(row.body && {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: schemaOf(row.body, 'input') } },
        },
      }),
      responses: {
        [row.answers.status]: {
          description: row.answers.description,
          ...(row.answers.schema && {
            content: { 'application/json': { schema: schemaOf(row.answers.schema, 'output') } },
          }),
        },
        default: {
          description: 'What is wrong, with a stable code and a sentence.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    };
    paths[row.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Trunkline', version: '1', license: { name: 'Apache-2.0' } },
    servers: [{ url: publicUrl }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        device: { type: 'http', scheme: 'bearer', description: "A device's token, `td_…`." },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
};
