// OpenSSL 3 for Swift: the headers, and functions for what only macros reach.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// SSL_set_tlsext_host_name is a macro with a cast over SSL_ctrl.
static inline int chat_ssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// SSL_CTX_set_min_proto_version is a macro over SSL_CTX_ctrl.
static inline int chat_ssl_ctx_set_min_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}

// SSL_CTX_set_mode is a macro over SSL_CTX_ctrl.
static inline long chat_ssl_ctx_set_mode(SSL_CTX *ctx, long mode) {
    return SSL_CTX_set_mode(ctx, mode);
}

// SSL_CTX_set_session_cache_mode is a macro over SSL_CTX_ctrl.
static inline long chat_ssl_ctx_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    return SSL_CTX_set_session_cache_mode(ctx, mode);
}

// The SSL_OP_ flags are 64-bit shifts inside a macro of their own, out of Swift's reach.
// No compression and no renegotiation: neither is needed, both have been ways in.
static inline void chat_ssl_ctx_set_safe_options(SSL_CTX *ctx) {
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
}

// SSL_CTX_add0_chain_cert is a macro over SSL_CTX_ctrl. It takes over the certificate when it succeeds.
static inline int chat_ssl_ctx_add_chain_certificate(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add0_chain_cert(ctx, certificate);
}

// SSL_CTX_set1_groups_list is a macro over SSL_CTX_ctrl.
static inline int chat_ssl_ctx_set_groups(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}

// The PEM_R_ and ERR_LIB_ numbers are compared inside ERR_GET_LIB, an inline function that Swift sees, but the end of a
// PEM file is asked for at one place only.
static inline int chat_is_end_of_pem(unsigned long code) {
    return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

// Adds an extension from its text in the form of openssl.cnf to a certificate that signs itself.
static inline int chat_x509_add_extension(X509 *certificate, int nid, const char *text) {
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, text);
    int done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

// The XN_FLAG_ names are unsigned long macros made of other macros. Control characters come
// out escaped, UTF-8 as it is.
static inline int chat_x509_name_print(BIO *out, const X509_NAME *name) {
    return X509_NAME_print_ex(out, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
}

// Keys are built here as a whole: an OSSL_PARAM keeps the pointers that it is given until it is used, which
// Swift's arrays do not promise.

// A P-256 public key from its uncompressed point (65 bytes); NULL when that is not on the curve.
static inline EVP_PKEY *chat_p256_public_key(const unsigned char *point) {
    char group[] = "P-256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)point, 65),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1
        || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return key;
}

// A P-256 key pair from its secret number (32 bytes, big-endian), whose public point is computed and
// put into `point` (65 bytes); NULL when the number is 0 or not less than the curve's order.
static inline EVP_PKEY *chat_p256_private_key(const unsigned char *secret, unsigned char *point) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *public_point = group == NULL ? NULL : EC_POINT_new(group);
    BIGNUM *number = BN_secure_new();
    if (builder != NULL && public_point != NULL && number != NULL && BN_bin2bn(secret, 32, number) != NULL
        && !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(group)) < 0
        && EC_POINT_mul(group, public_point, number, NULL, NULL, NULL) == 1
        && EC_POINT_point2oct(group, public_point, POINT_CONVERSION_UNCOMPRESSED, point, 65, NULL) == 65
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 65) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, number) == 1
        && (params = OSSL_PARAM_BLD_to_param(builder)) != NULL
        && (ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL)) != NULL && EVP_PKEY_fromdata_init(ctx) == 1
        && EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params) != 1) {
        key = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_clear_free(number);
    EC_POINT_free(public_point);
    EC_GROUP_free(group);
    return key;
}

// The secret number of a P-256 key pair, as 32 bytes; 0 when `key` is none.
static inline int chat_p256_secret(const EVP_PKEY *key, unsigned char *secret) {
    BIGNUM *number = NULL;
    char group[32] = "";
    int done = EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1
        && OBJ_txt2nid(group) == NID_X9_62_prime256v1
        && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1
        && BN_bn2binpad(number, secret, 32) == 32;
    BN_clear_free(number);
    return done;
}

// EVP_CIPHER_CTX_ctrl takes the tag as a void pointer that it only reads when setting.
static inline int chat_gcm_set_tag(EVP_CIPHER_CTX *ctx, const unsigned char *tag, int length) {
    return EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, length, (void *)tag);
}

#endif
