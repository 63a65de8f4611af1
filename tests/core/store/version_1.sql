BEGIN TRANSACTION;
CREATE TABLE journal (
	position INTEGER NOT NULL,
	run VARCHAR(40) NOT NULL,
	seq INTEGER NOT NULL,
	format INTEGER NOT NULL,
	kind VARCHAR(10) NOT NULL,
	step VARCHAR(60) NOT NULL,
	direction VARCHAR(6) NOT NULL,
	edition INTEGER NOT NULL,
	visit INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	at FLOAT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (position),
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO "journal" VALUES(1,'r_1a209cce6e0135e1d74',1,1,'event','','',0,0,0,1.79546075312055015559e+09,'{"plan":"saga","version":1,"event":"started"}');
INSERT INTO "journal" VALUES(2,'r_1a209cce6e0135e1d74',2,1,'answer','analyse','do',1,1,1,1.7954607531209111214e+09,'{"action":"order_creation.analyse","params":{"order":"order/1","pay_currency":"USD"},"code":null,"answer":{"offer":0,"supplier":"Alder Market","estimated":false,"price_minor":200000,"quote_minor":200000,"quote_rate":"1","quote_source":"same","quote_date":"2026-11-23"},"took_ms":0.4}');
INSERT INTO "journal" VALUES(4,'r_1a209cce6e0135e1d74',3,1,'answer','debit','do',1,1,1,1.79546075312275838853e+09,'{"action":"payment_processing.debit_wallet","params":{"wallet":"team","pay_currency":"USD","amount_minor":200000},"code":null,"answer":{"payment_id":"PAY_16b88b8889","debited_minor":200000,"paid_minor":200000,"payment_status":"completed"},"took_ms":1.8}');
INSERT INTO "journal" VALUES(6,'r_1a209cce6e0135e1d74',4,1,'answer','create','do',1,1,1,1.79546075312626028054e+09,'{"action":"order_creation.create","params":{"order":"order/1","price_minor":200000,"currency":"USD"},"code":null,"answer":{"order_id":"ORD_02c0cfea93","total_minor":200000,"order_status":"created"},"took_ms":3.5}');
INSERT INTO "journal" VALUES(8,'r_1a209cce6e0135e1d74',5,1,'answer','book','do',1,1,1,1.79546075312779021266e+09,'{"action":"order_creation.book","params":{"offer":0,"quote_minor":200000,"price_minor":200000},"code":null,"answer":{"booking_id":"BKG_b3bad35961","offer":0,"quote_minor":200000,"price_minor":200000,"credit_minor":0},"took_ms":1.5}');
INSERT INTO "journal" VALUES(10,'r_1a209cce6e0135e1d74',6,1,'answer','ship','do',1,1,1,1.79546075313386058807e+09,'{"action":"shipping_confirmation.confirm","params":{"order_id":"ORD_02c0cfea93","shipping_method":"standard","contact":"contact/1"},"code":null,"answer":{"tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","shipping_status":"confirmed","delayed":false},"took_ms":6.1}');
INSERT INTO "journal" VALUES(11,'r_1a209cce6e0135e1d74',7,1,'event','','',0,0,0,1.79546075313386058807e+09,'{"event":"confirmed"}');
INSERT INTO "journal" VALUES(14,'r_1a209cce6e0135e1d74',8,1,'answer','email','do',1,1,1,1.79546075314185810088e+09,'{"action":"email_notification.send","params":{"contact":"contact/1","order_id":"ORD_02c0cfea93","tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","pay_currency":"USD","paid_minor":200000,"kind":"confirmation"},"code":null,"answer":{"email_id":"EML_810d1548c3","email_recipient":"m•••@keller.example","email_status":"sent","email_sent_at":"2026-11-23T19:05:53+00:00"},"took_ms":8.0}');
INSERT INTO "journal" VALUES(15,'r_1a209cce6e0135e1d74',9,1,'answer','sms','do',1,1,1,1.79546075314190411564e+09,'{"action":"sms_notification.send","params":{"contact":"contact/1","order_id":"ORD_02c0cfea93","tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","pay_currency":"USD","paid_minor":200000,"kind":"confirmation"},"code":null,"answer":{"sms_id":"SMS_5a1b43cf1f","sms_phone_number":"+1 ••• 23","sms_status":"delivered","sms_sent_at":"2026-11-23T19:05:53+00:00"},"took_ms":8.0}');
INSERT INTO "journal" VALUES(16,'r_1a209cce6e0135e1d74',10,1,'event','','',0,0,0,1.79546075314190411564e+09,'{"outcome":"confirmed","plan":"saga","event":"ended"}');
INSERT INTO "journal" VALUES(17,'r_1a209cce70036aefae8',1,1,'event','','',0,0,0,1.79546075315224742886e+09,'{"plan":"saga","version":1,"event":"started"}');
INSERT INTO "journal" VALUES(18,'r_1a209cce70036aefae8',2,1,'answer','analyse','do',1,1,1,1.79546075315264153484e+09,'{"action":"order_creation.analyse","params":{"order":"order/1","pay_currency":"USD"},"code":null,"answer":{"offer":0,"supplier":"Alder Market","estimated":false,"price_minor":200000,"quote_minor":200000,"quote_rate":"1","quote_source":"same","quote_date":"2026-11-23"},"took_ms":0.4}');
INSERT INTO "journal" VALUES(20,'r_1a209cce70036aefae8',3,1,'answer','charge','do',1,1,1,1.7954607531539933682e+09,'{"action":"payment_processing.charge","params":{"pay_currency":"USD","quote_minor":200000},"code":null,"answer":{"payment_id":"PAY_16b65fe174","paid_minor":200000,"payment_status":"completed","rule_since":null,"rule_length":null},"took_ms":1.4}');
INSERT INTO "journal" VALUES(22,'r_1a209cce70036aefae8',4,1,'answer','create','do',1,1,1,1.7954607531579141617e+09,'{"action":"order_creation.create","params":{"order":"order/1","price_minor":200000,"currency":"USD"},"code":null,"answer":{"order_id":"ORD_47d12f7692","total_minor":200000,"order_status":"created"},"took_ms":3.9}');
INSERT INTO "journal" VALUES(24,'r_1a209cce70036aefae8',5,1,'answer','book','do',1,1,1,1.79546075316150712964e+09,'{"action":"order_creation.book","params":{"offer":0,"quote_minor":200000,"price_minor":200000},"code":null,"answer":{"booking_id":"BKG_7c39b84988","offer":0,"quote_minor":200000,"price_minor":200000,"credit_minor":0},"took_ms":3.6}');
INSERT INTO "journal" VALUES(25,'r_1a209cce70036aefae8',6,1,'answer','ship','do',1,1,1,1.79546075316161894792e+09,'{"action":"shipping_confirmation.confirm","params":{"order_id":"ORD_47d12f7692","shipping_method":"standard","contact":"contact/1"},"code":"unavailable","answer":{},"took_ms":0.1}');
INSERT INTO "journal" VALUES(26,'r_1a209cce70036aefae8',7,1,'answer','ship','do',1,1,2,1.79546075316165113441e+09,'{"action":"shipping_confirmation.confirm","params":{"order_id":"ORD_47d12f7692","shipping_method":"standard","contact":"contact/1"},"code":"unavailable","answer":{},"took_ms":0.0}');
INSERT INTO "journal" VALUES(27,'r_1a209cce70036aefae8',8,1,'event','ship','',0,1,0,1.79546075316165113441e+09,'{"step":"ship","action":"shipping_confirmation.confirm","visit":1,"code":"unavailable","event":"failed"}');
INSERT INTO "journal" VALUES(28,'r_1a209cce70036aefae8',9,1,'event','ship','',0,1,0,1.79546075316165113441e+09,'{"status":"needs_attention","step":"ship","visit":1,"code":"unavailable","event":"asked"}');
CREATE TABLE ledger (
	service VARCHAR(40) NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	run VARCHAR(40) NOT NULL,
	action VARCHAR(80) NOT NULL,
	state VARCHAR(8) NOT NULL,
	params TEXT NOT NULL,
	answer TEXT NOT NULL,
	position BIGINT NOT NULL,
	undone_position BIGINT,
	PRIMARY KEY (service, "key"),
	CONSTRAINT ledger_state CHECK (state in ('done', 'undone', 'void'))
)
 WITHOUT ROWID

;
INSERT INTO "ledger" VALUES('email_notification','r_1a209cce6e0135e1d74/email/1','r_1a209cce6e0135e1d74','email_notification.send','done','{"contact":"contact/1","order_id":"ORD_02c0cfea93","tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","pay_currency":"USD","paid_minor":200000,"kind":"confirmation"}','{"email_id":"EML_810d1548c3","email_recipient":"m•••@keller.example","email_status":"sent","email_sent_at":"2026-11-23T19:05:53+00:00"}',12,NULL);
INSERT INTO "ledger" VALUES('order_creation','r_1a209cce6e0135e1d74/book/1','r_1a209cce6e0135e1d74','order_creation.book','done','{"offer":0,"quote_minor":200000,"price_minor":200000}','{"booking_id":"BKG_b3bad35961","offer":0,"quote_minor":200000,"price_minor":200000,"credit_minor":0}',7,NULL);
INSERT INTO "ledger" VALUES('order_creation','r_1a209cce6e0135e1d74/create/1','r_1a209cce6e0135e1d74','order_creation.create','done','{"order":"order/1","price_minor":200000,"currency":"USD"}','{"order_id":"ORD_02c0cfea93","total_minor":200000,"order_status":"created"}',5,NULL);
INSERT INTO "ledger" VALUES('order_creation','r_1a209cce70036aefae8/book/1','r_1a209cce70036aefae8','order_creation.book','done','{"offer":0,"quote_minor":200000,"price_minor":200000}','{"booking_id":"BKG_7c39b84988","offer":0,"quote_minor":200000,"price_minor":200000,"credit_minor":0}',23,NULL);
INSERT INTO "ledger" VALUES('order_creation','r_1a209cce70036aefae8/create/1','r_1a209cce70036aefae8','order_creation.create','done','{"order":"order/1","price_minor":200000,"currency":"USD"}','{"order_id":"ORD_47d12f7692","total_minor":200000,"order_status":"created"}',21,NULL);
INSERT INTO "ledger" VALUES('payment_processing','r_1a209cce6e0135e1d74/debit/1','r_1a209cce6e0135e1d74','payment_processing.debit_wallet','done','{"wallet":"team","pay_currency":"USD","amount_minor":200000}','{"payment_id":"PAY_16b88b8889","debited_minor":200000,"paid_minor":200000,"payment_status":"completed"}',3,NULL);
INSERT INTO "ledger" VALUES('payment_processing','r_1a209cce70036aefae8/charge/1','r_1a209cce70036aefae8','payment_processing.charge','done','{"pay_currency":"USD","quote_minor":200000}','{"payment_id":"PAY_16b65fe174","paid_minor":200000,"payment_status":"completed","rule_since":null,"rule_length":null}',19,NULL);
INSERT INTO "ledger" VALUES('shipping_confirmation','r_1a209cce6e0135e1d74/ship/1','r_1a209cce6e0135e1d74','shipping_confirmation.confirm','done','{"order_id":"ORD_02c0cfea93","shipping_method":"standard","contact":"contact/1"}','{"tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","shipping_status":"confirmed","delayed":false}',9,NULL);
INSERT INTO "ledger" VALUES('sms_notification','r_1a209cce6e0135e1d74/sms/1','r_1a209cce6e0135e1d74','sms_notification.send','done','{"contact":"contact/1","order_id":"ORD_02c0cfea93","tracking_number":"TRK_E01345079D","estimated_delivery":"2026-11-30","pay_currency":"USD","paid_minor":200000,"kind":"confirmation"}','{"sms_id":"SMS_5a1b43cf1f","sms_phone_number":"+1 ••• 23","sms_status":"delivered","sms_sent_at":"2026-11-23T19:05:53+00:00"}',13,NULL);
CREATE TABLE meta (
	name VARCHAR(40) NOT NULL,
	value VARCHAR(80) NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version','1');
CREATE TABLE outbox (
	id INTEGER NOT NULL,
	run VARCHAR(40) NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	channel VARCHAR(8) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	recipient VARCHAR(320) NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "outbox" VALUES(1,'r_1a209cce6e0135e1d74','r_1a209cce6e0135e1d74/email/1','email','confirmation','mara@keller.example','Your order ORD_02c0cfea93 is confirmed','Hello,

Thank you for your order. It is confirmed.

Your order: 2 × laptop
Order number: ORD_02c0cfea93
Paid: $2,000.00
Tracking number: TRK_E01345079D
Estimated delivery: 2026-11-30

Kind regards,
Your order team',1.79546075313400530816e+09);
INSERT INTO "outbox" VALUES(2,'r_1a209cce6e0135e1d74','r_1a209cce6e0135e1d74/sms/1','sms','confirmation','+1-555-0123','','Order ORD_02c0cfea93 confirmed: 2 × laptop. Paid $2,000.00. Tracking TRK_E01345079D.',1.79546075313402485849e+09);
CREATE TABLE payment_rule (
	"key" VARCHAR(120) NOT NULL,
	visit INTEGER NOT NULL,
	since INTEGER NOT NULL,
	length INTEGER NOT NULL,
	cycle INTEGER NOT NULL,
	PRIMARY KEY ("key", visit)
);
INSERT INTO "payment_rule" VALUES('',0,0,3,0);
CREATE TABLE plans (
	digest VARCHAR(32) NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (digest)
);
INSERT INTO "plans" VALUES('0a05c3b9aafce9f4ca8374ea86d6d157','{"name":"saga","stages":[[{"id":"analyse","action":"order_creation.analyse","title":"Check order","uses":{"order":"order","pay_currency":"pay_currency"},"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"charge","action":"payment_processing.charge","title":"Charge card","undo":"refund","uses":{"pay_currency":"pay_currency","quote_minor":"quote_minor"},"when":["b2c"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"debit","action":"payment_processing.debit_wallet","title":"Debit wallet","undo":"restore_wallet","uses":{"wallet":"wallet","pay_currency":"pay_currency","amount_minor":"quote_minor"},"when":["corporate"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"create","action":"order_creation.create","title":"Create order","undo":"cancel","uses":{"order":"order","price_minor":"price_minor","currency":"currency"},"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"convert","action":"currency_conversion.convert","title":"Convert currency","undo":"reverse","uses":{"pay_currency":"pay_currency","quote_minor":"quote_minor","currency":"currency","price_minor":"price_minor"},"when":["converts"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"book","action":"order_creation.book","title":"Book items","undo":"release","uses":{"offer":"offer","quote_minor":"quote_minor","price_minor":"price_minor"},"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0},"alternative":[{"id":"alternative","action":"order_creation.find_alternative","title":"Find alternative","uses":{"order":"order","pay_currency":"pay_currency","quote_minor":"quote_minor","paid_minor":"paid_minor"},"when":["corporate"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}},{"id":"difference","action":"payment_processing.debit_wallet","title":"Debit difference","undo":"restore_wallet","uses":{"wallet":"wallet","pay_currency":"pay_currency","amount_minor":"dearer_minor","before_minor":"quote_minor"},"when":["dearer_minor"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}},{"id":"rebook","action":"order_creation.book","title":"Book alternative","undo":"release","uses":{"offer":"alternative_offer","quote_minor":"alternative_quote_minor","price_minor":"alternative_price_minor","credit_minor":"cheaper_minor"},"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}]}],[{"id":"ship","action":"shipping_confirmation.confirm","title":"Confirm shipping","undo":"cancel","uses":{"order_id":"order_id","shipping_method":"shipping_method","contact":"contact"},"when":["ships"],"policy":"ask","retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"email","action":"email_notification.send","title":"Email","uses":{"contact":"contact","order_id":"order_id","tracking_number":"tracking_number","estimated_delivery":"estimated_delivery","pay_currency":"pay_currency","paid_minor":"quote_minor"},"params":{"kind":"confirmation"},"when":["notify_email"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}},{"id":"sms","action":"sms_notification.send","title":"Text","uses":{"contact":"contact","order_id":"order_id","tracking_number":"tracking_number","estimated_delivery":"estimated_delivery","pay_currency":"pay_currency","paid_minor":"quote_minor"},"params":{"kind":"confirmation"},"when":["notify_sms"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}},{"id":"call","action":"call_center_trigger.open_ticket","title":"Call","uses":{"contact":"contact","priority":"priority","order_id":"order_id"},"params":{"about":"the order","reason":"call asked for"},"when":["notify_call"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}}],[{"id":"credit","action":"payment_processing.credit_wallet","title":"Credit difference","uses":{"wallet":"wallet","pay_currency":"pay_currency","amount_minor":"credit_minor"},"when":["credit_minor"],"policy":"ask","critical":false,"owed":true,"retry":{"attempts":2,"first_wait_s":0.0}}]],"on_failure":[{"id":"email.failure","action":"email_notification.send","title":"Email the failure","uses":{"contact":"contact","order_id":"order_id","pay_currency":"pay_currency","outcome":"outcome","paid_minor":"refunded_minor"},"params":{"kind":"failure"},"when":["notify_email"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}},{"id":"sms.failure","action":"sms_notification.send","title":"Text the failure","uses":{"contact":"contact","order_id":"order_id","pay_currency":"pay_currency","outcome":"outcome","paid_minor":"refunded_minor"},"params":{"kind":"failure"},"when":["notify_sms"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}}],"ticket":{"id":"ticket","action":"call_center_trigger.open_ticket","title":"Call centre ticket","uses":{"contact":"contact","priority":"priority","order_id":"order_id"},"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}},"email":{"id":"email","action":"email_notification.send","title":"Email","uses":{"contact":"contact","order_id":"order_id","tracking_number":"tracking_number","estimated_delivery":"estimated_delivery","pay_currency":"pay_currency","paid_minor":"quote_minor"},"params":{"kind":"confirmation"},"when":["notify_email"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}},"sms":{"id":"sms","action":"sms_notification.send","title":"Text","uses":{"contact":"contact","order_id":"order_id","tracking_number":"tracking_number","estimated_delivery":"estimated_delivery","pay_currency":"pay_currency","paid_minor":"quote_minor"},"params":{"kind":"confirmation"},"when":["notify_sms"],"policy":"continue","critical":false,"retry":{"attempts":2,"first_wait_s":0.0}}}');
CREATE TABLE postings (
	id INTEGER NOT NULL,
	position BIGINT NOT NULL,
	run VARCHAR(40) NOT NULL,
	service VARCHAR(40) NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	account VARCHAR(140) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	minor BIGINT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "postings" VALUES(1,0,'','','','card','USD',-1000000);
INSERT INTO "postings" VALUES(2,0,'','','','wallet:team','USD',1000000);
INSERT INTO "postings" VALUES(3,0,'','','','card','USD',-10000);
INSERT INTO "postings" VALUES(4,0,'','','','wallet:small','USD',10000);
INSERT INTO "postings" VALUES(5,3,'r_1a209cce6e0135e1d74','payment_processing','r_1a209cce6e0135e1d74/debit/1','wallet:team','USD',-200000);
INSERT INTO "postings" VALUES(6,3,'r_1a209cce6e0135e1d74','payment_processing','r_1a209cce6e0135e1d74/debit/1','house','USD',200000);
INSERT INTO "postings" VALUES(7,19,'r_1a209cce70036aefae8','payment_processing','r_1a209cce70036aefae8/charge/1','card','USD',-200000);
INSERT INTO "postings" VALUES(8,19,'r_1a209cce70036aefae8','payment_processing','r_1a209cce70036aefae8/charge/1','house','USD',200000);
CREATE TABLE profiles (
	version INTEGER NOT NULL,
	name VARCHAR(60) NOT NULL,
	at FLOAT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (version)
);
INSERT INTO "profiles" VALUES(1,'the seed''s rates',1.79546075306467652317e+09,'{"version":1,"name":"the seed''s rates","rates":{"order_creation.create":{"refused":0.1,"final":0.0,"lost":0.0,"slow":0.0},"order_creation.book":{"refused":0.1,"final":0.05,"lost":0.0,"slow":0.0},"order_creation.find_alternative":{"refused":0.1,"final":0.0,"lost":0.0,"slow":0.0},"currency_conversion.convert":{"refused":0.1,"final":0.0,"lost":0.0,"slow":0.0},"email_notification.send":{"refused":0.15,"final":0.0,"lost":0.0,"slow":0.0},"shipping_confirmation.confirm":{"refused":0.1,"final":0.0,"lost":0.0,"slow":0.0},"call_center_trigger.open_ticket":{"refused":0.05,"final":0.0,"lost":0.0,"slow":0.0},"sms_notification.send":{"refused":0.12,"final":0.0,"lost":0.0,"slow":0.0}},"payment_rule":true,"latency_ms":400,"call_timeout_s":5.0,"down_until":{}}');
INSERT INTO "profiles" VALUES(2,'test',1.79546075309025144573e+09,'{"version":2,"name":"test","rates":{},"payment_rule":false,"latency_ms":0,"call_timeout_s":0.05,"down_until":{}}');
INSERT INTO "profiles" VALUES(3,'test',1.79546075314732241634e+09,'{"version":3,"name":"test","rates":{"shipping_confirmation.confirm":{"refused":1.0,"final":0.0,"lost":0.0,"slow":0.0}},"payment_rule":false,"latency_ms":0,"call_timeout_s":0.05,"down_until":{}}');
CREATE TABLE rates (
	base VARCHAR(3) NOT NULL,
	date VARCHAR(40) NOT NULL,
	fetched_at FLOAT NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (base)
);
CREATE TABLE rollup (
	grain VARCHAR(6) NOT NULL,
	at BIGINT NOT NULL,
	service VARCHAR(40) NOT NULL,
	action VARCHAR(40) NOT NULL,
	result VARCHAR(24) NOT NULL,
	code VARCHAR(40) NOT NULL,
	bin INTEGER NOT NULL,
	n BIGINT NOT NULL,
	PRIMARY KEY (grain, at, service, action, result, code, bin)
)
 WITHOUT ROWID

;
INSERT INTO "rollup" VALUES('day',1795392000,'email_notification','send','','',137,1);
INSERT INTO "rollup" VALUES('day',1795392000,'order_creation','analyse','','',75,2);
INSERT INTO "rollup" VALUES('day',1795392000,'order_creation','book','','',102,1);
INSERT INTO "rollup" VALUES('day',1795392000,'order_creation','book','','',120,1);
INSERT INTO "rollup" VALUES('day',1795392000,'order_creation','create','','',120,1);
INSERT INTO "rollup" VALUES('day',1795392000,'order_creation','create','','',122,1);
INSERT INTO "rollup" VALUES('day',1795392000,'payment_processing','charge','','',101,1);
INSERT INTO "rollup" VALUES('day',1795392000,'payment_processing','debit_wallet','','',106,1);
INSERT INTO "rollup" VALUES('day',1795392000,'shipping_confirmation','confirm','','',0,1);
INSERT INTO "rollup" VALUES('day',1795392000,'shipping_confirmation','confirm','','',47,1);
INSERT INTO "rollup" VALUES('day',1795392000,'shipping_confirmation','confirm','','',131,1);
INSERT INTO "rollup" VALUES('day',1795392000,'sms_notification','send','','',137,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'email_notification','send','','',137,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'email_notification','send','done','',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','analyse','','',75,2);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','analyse','done','',-1,2);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','book','','',102,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','book','','',120,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','book','done','',-1,2);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','create','','',120,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','create','','',122,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'order_creation','create','done','',-1,2);
INSERT INTO "rollup" VALUES('hour',1795460400,'payment_processing','charge','','',101,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'payment_processing','charge','done','',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'payment_processing','debit_wallet','','',106,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'payment_processing','debit_wallet','done','',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'run','run','asked','needs_attention',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'run','run','confirmed','',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'run','run','started','',-1,2);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','','',0,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','','',47,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','','',131,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','done','',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','failed','unavailable',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','failed_again','unavailable',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'shipping_confirmation','confirm','gave_up','unavailable',-1,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'sms_notification','send','','',137,1);
INSERT INTO "rollup" VALUES('hour',1795460400,'sms_notification','send','done','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'email_notification','send','done','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'order_creation','analyse','done','',-1,2);
INSERT INTO "rollup" VALUES('minute',1795460700,'order_creation','book','done','',-1,2);
INSERT INTO "rollup" VALUES('minute',1795460700,'order_creation','create','done','',-1,2);
INSERT INTO "rollup" VALUES('minute',1795460700,'payment_processing','charge','done','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'payment_processing','debit_wallet','done','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'run','run','asked','needs_attention',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'run','run','confirmed','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'run','run','started','',-1,2);
INSERT INTO "rollup" VALUES('minute',1795460700,'shipping_confirmation','confirm','done','',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'shipping_confirmation','confirm','failed','unavailable',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'shipping_confirmation','confirm','failed_again','unavailable',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'shipping_confirmation','confirm','gave_up','unavailable',-1,1);
INSERT INTO "rollup" VALUES('minute',1795460700,'sms_notification','send','done','',-1,1);
CREATE TABLE runs (
	id VARCHAR(40) NOT NULL,
	keys VARCHAR(40) NOT NULL,
	parent VARCHAR(40),
	"plan" VARCHAR(32) NOT NULL,
	plan_name VARCHAR(120) NOT NULL,
	profile INTEGER NOT NULL,
	fault_seed VARCHAR(16) NOT NULL,
	requests TEXT NOT NULL,
	title VARCHAR(400) NOT NULL,
	text TEXT NOT NULL,
	channel VARCHAR(12) NOT NULL,
	status VARCHAR(24) NOT NULL,
	code VARCHAR(40),
	created_at FLOAT NOT NULL,
	ended_at FLOAT,
	PRIMARY KEY (id),
	FOREIGN KEY(parent) REFERENCES runs (id),
	FOREIGN KEY("plan") REFERENCES plans (digest),
	FOREIGN KEY(profile) REFERENCES profiles (version)
)
 WITHOUT ROWID

;
INSERT INTO "runs" VALUES('r_1a209cce6e0135e1d74','r_1a209cce6e0135e1d74',NULL,'0a05c3b9aafce9f4ca8374ea86d6d157','saga',2,'9d6f4ab6255465be','[{"items":[{"name":"laptop","quantity":"2","unit_price":"1000"}],"customer_email":"mara@keller.example","phone_number":"+1-555-0123","channel":"corporate","wallet":"team","defaulted":["phone_number"]}]','2 × laptop','','corporate','confirmed',NULL,1.79546075312055015559e+09,1.79546075314190411564e+09);
INSERT INTO "runs" VALUES('r_1a209cce70036aefae8','r_1a209cce70036aefae8',NULL,'0a05c3b9aafce9f4ca8374ea86d6d157','saga',3,'04d881181e81f6b9','[{"items":[{"name":"laptop","quantity":"2","unit_price":"1000"}],"customer_email":"customer@example.com","phone_number":"+1-555-0123","address":"Berlin","defaulted":["customer_email","phone_number"]}]','2 × laptop','','B2C','needs_attention',NULL,1.79546075315224742886e+09,NULL);
CREATE TABLE wallets (
	name VARCHAR(120) NOT NULL,
	currency VARCHAR(3) NOT NULL,
	minor BIGINT NOT NULL,
	PRIMARY KEY (name),
	CONSTRAINT wallet_not_negative CHECK (minor >= 0)
);
INSERT INTO "wallets" VALUES('team','USD',800000);
INSERT INTO "wallets" VALUES('small','USD',10000);
CREATE INDEX ix_ledger_run ON ledger (run);
CREATE INDEX ix_postings_run ON postings (run);
CREATE INDEX ix_outbox_run ON outbox (run);
CREATE INDEX ix_runs_status ON runs (status);
CREATE INDEX ix_runs_parent ON runs (parent);
CREATE UNIQUE INDEX journal_run_seq ON journal (run, seq);
COMMIT;
