import { sql } from "drizzle-orm";
import { boolean, foreignKey, index, integer, jsonb, numeric, pgEnum, pgPolicy, pgRole, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";

export const member = pgRole("app_member").existing();
export const status = pgEnum("order_status", ["draft", "placed", "shipped", "cancelled"]);

const stamps = {
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().defaultNow(),
};

export const orgs = pgTable("orgs", {
  id: uuid("id").primaryKey().defaultRandom(),
  name: text("name").notNull(),
  slug: text("slug").notNull().unique(),
  ...stamps,
});

export const users = pgTable("users", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull().references(() => orgs.id, { onDelete: "cascade" }),
  email: text("email").notNull(),
  isAdmin: boolean("is_admin").notNull().default(false),
  settings: jsonb("settings").notNull().default(sql`'{}'::jsonb`),
  ...stamps,
}, (t) => [
  uniqueIndex("users_org_email_idx").on(t.orgId, sql`lower(${t.email})`),
]);

export const orders = pgTable("orders", {
  id: uuid("id").primaryKey().defaultRandom(),
  orgId: uuid("org_id").notNull().references(() => orgs.id, { onDelete: "cascade" }),
  userId: uuid("user_id").references(() => users.id, { onDelete: "set null" }),
  status: status("status").notNull().default("draft"),
  total: numeric("total", { precision: 12, scale: 2 }).notNull().default("0"),
  ...stamps,
}, (t) => [
  index("orders_org_created_idx").on(t.orgId, t.createdAt.desc()),
  index("orders_open_idx").on(t.orgId).where(sql`status <> 'cancelled'`),
  pgPolicy("orders_of_own_org", { for: "select", to: member, using: sql`org_id = current_setting('app.org_id')::uuid` }),
]).enableRLS();

export const lines = pgTable("order_lines", {
  orderId: uuid("order_id").notNull(),
  number: integer("number").notNull(),
  sku: text("sku").notNull(),
}, (t) => [
  primaryKey({ columns: [t.orderId, t.number] }),
  foreignKey({ columns: [t.orderId], foreignColumns: [orders.id] }).onDelete("cascade"),
]);
