import buildAjv from '@fastify/ajv-compiler'
import type { FastifySchemaCompiler } from 'fastify'

type Compiled = ReturnType<ReturnType<ReturnType<typeof buildAjv>>>

/** Fastify looks there for what was wrong. */
interface Validator {
  (data: unknown): boolean
  errors?: NonNullable<Compiled['errors']> | null
}

/**
 * Fastify's own validation, but a route's schema is compiled when somebody asks there for the first
 * time. All of them together take a tenth of a second, for which a reload of the configuration would
 * hold up every call.
 */
export function lazyValidators(): FastifySchemaCompiler<object> {
  const compile = buildAjv()({}, { customOptions: {} })
  return ({ schema }) => {
    let compiled: Compiled | undefined
    const validate: Validator = (data) => {
      compiled ??= compile({ schema })
      const isValid = compiled(data) as boolean // no schema is asynchronous
      validate.errors = compiled.errors ?? null
      return isValid
    }
    return validate
  }
}
